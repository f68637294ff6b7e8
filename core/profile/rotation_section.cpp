#include "core/base/try.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

Result<void> read_size(const YamlNode& node, std::string_view key, std::uint64_t& target) {
  const std::string text = TRY(read_scalar(node, key, "a size (65536, 1GiB)"));
  const auto size_bytes = parse_size_bytes(text);
  if (!size_bytes) return node.refuse("'{}': {}", key, size_bytes.error().message);
  target = *size_bytes;
  return {};
}

Result<void> read_interval(const YamlNode& node, std::string_view key, RotateRule& rotate) {
  TRY(read_duration(node, key, rotate.interval_ns));
  if (rotate.interval_ns == 0 || rotate.interval_ns >= kLeastRotateIntervalNs) return {};
  return node.refuse("'{}' is less than {}, or 0 for none", key, duration_text(kLeastRotateIntervalNs));
}

constexpr Key<RotateRule> kRotateTable[] = {
    {"interval", read_interval},
    {"size", [](const YamlNode& node, std::string_view key,
                RotateRule& rotate) { return read_size(node, key, rotate.size_bytes); }},
    {"align",
     [](const YamlNode& node, std::string_view key, RotateRule& rotate) { return read_bool(node, key, rotate.align); }},
};

constexpr Key<KeepRule> kKeepTable[] = {
    {"files",
     [](const YamlNode& node, std::string_view key, KeepRule& keep) -> Result<void> {
       keep.files = TRY(read_number(node, key, 0, kMostKeptFiles));
       return {};
     }},
    {"size",
     [](const YamlNode& node, std::string_view key, KeepRule& keep) { return read_size(node, key, keep.size_bytes); }},
};

}  // namespace

Result<void> read_rotate(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  return read_map<RotateRule>(node, key, kRotateTable, exporter.rotate);
}

Result<void> read_keep(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  return read_map<KeepRule>(node, key, kKeepTable, exporter.keep);
}

std::vector<std::string> rotate_keys() { return key_names<RotateRule>(kRotateTable); }
std::vector<std::string> keep_keys() { return key_names<KeepRule>(kKeepTable); }

}  // namespace flowgauge
