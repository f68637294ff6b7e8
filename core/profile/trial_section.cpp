#include "core/base/try.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

Result<void> read_time(const YamlNode& node, std::string_view key, TrialLimits& trial) {
  return read_duration(node, key, trial.time_ns);
}

Result<void> read_memory(const YamlNode& node, std::string_view key, TrialLimits& trial) {
  const std::string text = TRY(read_scalar(node, key, "a size"));
  const auto size_bytes = parse_size_bytes(text);
  if (!size_bytes) return node.refuse("'{}': {}", key, size_bytes.error().message);
  trial.memory_bytes = *size_bytes;
  return {};
}

constexpr Key<TrialLimits> kTrialTable[] = {{"time", read_time}, {"memory", read_memory}};

}  // namespace

Result<void> read_trial(const YamlNode& node, std::string_view key, Profile& profile) {
  return read_map<TrialLimits>(node, key, kTrialTable, profile.trial);
}

Result<void> read_trial_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<TrialLimits>(value, key, "trial", kTrialTable, profile.trial);
}

std::vector<std::string> trial_keys() { return key_names<TrialLimits>(kTrialTable); }

}  // namespace flowgauge
