#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

constexpr Key<ProfileOutput> kOutputTable[] = {
    {"time_decimals", read_choice_member<kTimeDecimals, &ProfileOutput::time_decimals>},
    {"snapshots", read_choice_member<kSnapshotRows, &ProfileOutput::snapshots>},
};

}  // namespace

Result<void> read_output(const YamlNode& node, std::string_view key, Profile& profile) {
  return read_map<ProfileOutput>(node, key, kOutputTable, profile.output);
}

Result<void> read_output_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<ProfileOutput>(value, key, "output", kOutputTable, profile.output);
}

std::vector<std::string> output_keys() { return key_names<ProfileOutput>(kOutputTable); }

}  // namespace flowgauge
