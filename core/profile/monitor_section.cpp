#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

template <auto Member>
Result<void> read_text_member(const YamlNode& node, std::string_view key, ProfileMonitor& monitor) {
  return read_text(node, key, monitor.*Member);
}

constexpr Key<ProfileMonitor> kMonitorTable[] = {
    {"stats", read_text_member<&ProfileMonitor::stats>},
    {"metrics", read_text_member<&ProfileMonitor::metrics>},
};

}  // namespace

Result<void> read_monitor(const YamlNode& node, std::string_view key, Profile& profile) {
  return read_map<ProfileMonitor>(node, key, kMonitorTable, profile.monitor);
}

Result<void> read_monitor_key(const YamlNode& value, std::string_view key, Profile& profile) {
  return read_key<ProfileMonitor>(value, key, "monitor", kMonitorTable, profile.monitor);
}

std::vector<std::string> monitor_keys() { return key_names<ProfileMonitor>(kMonitorTable); }

}  // namespace flowgauge
