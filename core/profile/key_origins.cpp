#include "core/profile/key_origins.h"

#include <algorithm>
#include <array>
#include <cstddef>

#include <fmt/format.h>

namespace flowgauge {
namespace {

// What a single value stands for where a mapping may be: `exporters: [basic]`, `labels: rules.csv`.
constexpr std::array<std::string_view, 4> kShortForms = {"schema", "name", "expression", "file"};

}  // namespace

void KeyOrigins::note_file(const YamlNode& root) {
  origins_.erase("description");  // is not inherited
  for (const YamlEntry& entry : root.entries) note(entry.key, entry.value);
}

void KeyOrigins::note(const std::string& key, const YamlNode& value) {
  if (value.kind == YamlNode::Kind::kMap) {
    if (key == "labels") forget_below(key);  // one value: it says its file each time
    for (const YamlEntry& entry : value.entries) note(fmt::format("{}.{}", key, entry.key), entry.value);
    return;
  }
  forget_below(key);
  origins_[key] = {*value.file, value.line};
  for (std::size_t i = 0; i < value.items.size(); ++i) note(fmt::format("{}[{}]", key, i), value.items[i]);
}

std::optional<KeyOrigin> KeyOrigins::of(std::string_view key) const {
  if (const auto found = origins_.find(key); found != origins_.end()) return found->second;
  const std::size_t dot = key.rfind('.');
  if (dot == std::string_view::npos || std::ranges::find(kShortForms, key.substr(dot + 1)) == kShortForms.end())
    return std::nullopt;
  const auto whole = origins_.find(key.substr(0, dot));
  return whole == origins_.end() ? std::nullopt : std::optional(whole->second);
}

void KeyOrigins::forget_below(const std::string& key) {
  std::erase_if(origins_, [&](const auto& one) {
    return one.first.starts_with(key) && one.first.size() > key.size() &&
           (one.first[key.size()] == '.' || one.first[key.size()] == '[');
  });
}

}  // namespace flowgauge
