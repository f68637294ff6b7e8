#include "core/profile/canonical.h"

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <vector>

#include "core/base/digest.h"
#include "core/base/text.h"
#include "core/profile/choices.h"
#include "core/profile/yaml_text.h"

namespace flowgauge {
namespace {

// Begins the hashed text; changes when a default changes its meaning.
constexpr std::string_view kHashVersion = "flowgauge profile 1\n";

// Double quotes, which can hold every text, where YAML could read it as anything else than itself.
std::string quoted(const std::string& text) {
  constexpr std::string_view kHarmless = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_./-";
  const bool is_word = !text.empty() && text.front() != '-' && text.find_first_not_of(kHarmless) == std::string::npos;
  return is_word && text != "null" && text != "Null" && text != "NULL" ? text : yaml_quoted(text);
}

std::string protocol_text(std::uint8_t protocol) {
  const std::string_view name = choice_name(kProtocols, protocol);
  return name.empty() ? fmt::format("{}", protocol) : std::string(name);
}

std::string protocols_text(const std::vector<std::uint8_t>& protocols) {
  if (protocols.empty()) return "all";
  std::vector<std::string> names;
  for (const std::uint8_t protocol : protocols) names.push_back(protocol_text(protocol));
  return fmt::format("[{}]", join(names));
}

std::string ports_text(const std::vector<std::uint16_t>& ports) {
  std::vector<std::string> numbers;
  for (const std::uint16_t port : ports) numbers.push_back(fmt::format("{}", port));
  return fmt::format("[{}]", join(numbers));
}

std::string contamination_text(fg_contamination excluded) {
  const std::string_view level = choice_name(kContaminationLevels, excluded);
  if (!level.empty()) return std::string(level);
  std::vector<std::string> names;
  for (const Choice<fg_contamination>& one : kContaminations) {
    if ((excluded & one.value) != 0) names.emplace_back(one.name);
  }
  return fmt::format("[{}]", join(names));
}

std::string flow_text(const LifeCycle& flow) {
  std::string text = "flow:\n";
  text += fmt::format("  direction: {}\n", choice_name(kDirections, flow.direction));
  text += fmt::format("  continuation: {}\n", choice_name(kContinuations, flow.continuation));
  text += fmt::format("  tcp_close: {}\n", choice_name(kTcpCloses, flow.tcp_close));
  text += fmt::format("  tcp_reuse: {}\n", choice_name(kTcpReuses, flow.tcp_reuse));
  text += fmt::format("  flow_key: {}\n", choice_name(kFlowKeys, flow.flow_key));
  text += fmt::format("  idle_timeout: {}\n", duration_text(flow.idle_timeout_ns));
  text += fmt::format("  active_timeout: {}\n", duration_text(flow.active_timeout_ns));
  text += fmt::format("  linger: {}\n", duration_text(flow.linger_ns));
  text += fmt::format("  early_export: {}\n", duration_text(flow.early_export_ns));
  text += fmt::format("  clock_jump: {}\n", duration_text(flow.clock_jump_ns));
  text += fmt::format("  max_flows: {}\n", flow.max_flows);
  if (flow.hash_seed) text += fmt::format("  hash_seed: {}\n", *flow.hash_seed);
  return text;
}

std::string packets_text(const ProfilePackets& packets) {
  std::string text = "packets:\n";
  text += fmt::format("  decapsulate: {}\n", choice_name(kDecapsulates, packets.decapsulate));
  text += fmt::format("  fragments: {}\n", choice_name(kFragmentRules, packets.fragments));
  text += fmt::format("  udp_payload: {}\n", choice_name(kUdpPayloads, packets.udp_payload));
  text += fmt::format("  protocols: {}\n", protocols_text(packets.protocols));
  text += fmt::format("  vxlan_ports: {}\n", ports_text(packets.vxlan_ports));
  text += fmt::format("  geneve_ports: {}\n", ports_text(packets.geneve_ports));
  text += fmt::format("  gtpu_ports: {}\n", ports_text(packets.gtpu_ports));
  text += fmt::format("  l2tpv3_cookie: {}\n", packets.l2tpv3_cookie_bytes);
  text += fmt::format("  filter: {}\n", quoted(packets.filter.value));
  return text;
}

// Two columns further in.
std::string indented(const std::string& lines) {
  std::string text;
  for (std::size_t begin = 0; begin < lines.size();) {
    const std::size_t end = lines.find('\n', begin) + 1;
    text += "  " + lines.substr(begin, end - begin);
    begin = end;
  }
  return text;
}

std::string plugin_text(const ProfileModule& plugin) {
  std::string text;
  if (!plugin.module.value.empty()) text += fmt::format("    module: {}\n", quoted(plugin.module.value));
  if (!plugin.sha256.value.empty()) text += fmt::format("    sha256: {}\n", plugin.sha256.value);
  return text;
}

std::string option_text(const ProfileOption& option) {
  if (!option.items) return quoted(option.text.value);
  std::vector<std::string> items;
  for (const std::string& item : *option.items) items.push_back(quoted(item));
  return fmt::format("[{}]", join(items));
}

std::string options_text(const std::vector<ProfileOption>& options) {
  std::string text = options.empty() ? "" : "    options:\n";
  for (const ProfileOption& option : options) {
    text += fmt::format("      {} {}\n", yaml_key_text(quoted(option.name.value), "\n      "), option_text(option));
  }
  return text;
}

std::string feature_text(const ProfileFeature& feature) {
  return fmt::format("  - name: {}\n{}{}", quoted(feature.name.value), plugin_text(feature.plugin),
                     options_text(feature.options));
}

std::string column_text(const ProfileColumn& column) {
  std::string text = fmt::format("      - name: {}\n", quoted(column.name.value));
  text += fmt::format("        expression: {}\n", quoted(column.expression.value));
  if (column.type != 0) text += fmt::format("        type: {}\n", choice_name(kTypes, column.type));
  text += fmt::format("        unit: {}\n", quoted(std::string(choice_name(kUnits, column.unit))));
  text += fmt::format("        when: {}\n", choice_name(kForms, column.when));
  text += fmt::format("        required: {}\n", column.required);
  return text;
}

std::string table_text(const ProfileExporter& exporter) {
  if (exporter.columns.empty()) {
    return fmt::format("  - schema: {}\n{}{}", quoted(exporter.schema.value), plugin_text(exporter.plugin),
                       options_text(exporter.options));
  }
  std::string text = "  - columns:\n";
  for (const ProfileColumn& column : exporter.columns) text += column_text(column);
  return text;
}

// A single word where there is nothing else to say.
std::string format_text(const ProfileFormat& format) {
  const std::string more = plugin_text(format.plugin) + options_text(format.options);
  if (more.empty()) return fmt::format("    format: {}\n", quoted(format.name.value));
  return fmt::format("    format:\n      name: {}\n{}", quoted(format.name.value), indented(more));
}

std::string exporter_text(const ProfileExporter& exporter) {
  std::string text = table_text(exporter);
  text += format_text(exporter.format);
  text += fmt::format("    path: {}\n", quoted(exporter.path.value));
  text += fmt::format("    header: {}\n", exporter.header);
  if (exporter.metadata) text += "    metadata: true\n";
  if (exporter.existing != ExistingFile::kRefuse)
    text += fmt::format("    existing: {}\n", choice_name(kExistingFiles, exporter.existing));
  if (!exporter.append.empty()) {
    std::vector<std::string> names;
    for (const Located<std::string>& name : exporter.append) names.push_back(quoted(name.value));
    text += fmt::format("    append: [{}]\n", join(names));
  }
  if (exporter.rotate != RotateRule{})
    text += fmt::format("    rotate:\n      interval: {}\n      size: {}\n      align: {}\n",
                        duration_text(exporter.rotate.interval_ns), size_text(exporter.rotate.size_bytes),
                        exporter.rotate.align);
  if (exporter.keep.any())
    text += fmt::format("    keep:\n      files: {}\n      size: {}\n", exporter.keep.files,
                        size_text(exporter.keep.size_bytes));
  if (exporter.mode) text += fmt::format("    mode: {:04o}\n", *exporter.mode);
  return text;
}

std::string output_text(const ProfileOutput& output) {
  std::string text = fmt::format("output:\n  time_decimals: {}\n", choice_name(kTimeDecimals, output.time_decimals));
  if (output.snapshots != SnapshotRows::kMarked)
    text += fmt::format("  snapshots: {}\n", choice_name(kSnapshotRows, output.snapshots));
  return text;
}

std::string labels_text(const ProfileLabels& labels) {
  if (labels.file.value.empty()) return {};
  std::string text = fmt::format("labels:\n  file: {}\n", quoted(labels.file.value));
  if (!labels.time_zone.value.empty()) text += fmt::format("  time_zone: {}\n", quoted(labels.time_zone.value));
  return text;
}

std::string live_text(const ProfileLive& live) {
  if (live == ProfileLive{}) return {};
  std::string text = "live:\n";
  text += fmt::format("  capture: {}\n", choice_name(kCaptures, live.capture));
  text += fmt::format("  attach: {}\n", choice_name(kAttaches, live.attach));
  text += fmt::format("  ingress_only: {}\n", live.ingress_only);
  text += fmt::format("  merge_interfaces: {}\n", live.merge_interfaces);
  text += fmt::format("  promiscuous: {}\n", live.promiscuous);
  text += fmt::format("  wait: {}\n", live.wait);
  text += fmt::format("  until_down: {}\n", live.until_down);
  text += fmt::format("  rings: {}\n", live.rings == 0 ? "auto" : fmt::format("{}", live.rings));
  text += fmt::format("  ring_size: {}\n", live.ring_bytes == 0 ? "auto" : size_text(live.ring_bytes));
  text += fmt::format("  stats_interval: {}\n", duration_text(live.stats_interval_ns));
  if (!live.user.empty()) text += fmt::format("  user: {}\n", quoted(live.user));
  if (!live.seccomp) text += "  seccomp: false\n";
  return text;
}

std::string monitor_text(const ProfileMonitor& monitor) {
  std::string text;
  if (!monitor.stats.value.empty()) text += fmt::format("  stats: {}\n", quoted(monitor.stats.value));
  if (!monitor.metrics.value.empty()) text += fmt::format("  metrics: {}\n", quoted(monitor.metrics.value));
  return text.empty() ? text : "monitor:\n" + text;
}

std::string trial_text(const TrialLimits& trial) {
  if (trial == TrialLimits{}) return {};
  return fmt::format("trial:\n  time: {}\n  memory: {}\n", duration_text(trial.time_ns), size_text(trial.memory_bytes));
}

template <class Entry>
std::string list_text(std::string_view key, const std::vector<Entry>& entries,
                      std::string (*entry_text)(const Entry&)) {
  if (entries.empty()) return fmt::format("{}: []\n", key);
  std::string text = fmt::format("{}:\n", key);
  for (const Entry& entry : entries) text += entry_text(entry);
  return text;
}

// The folder is where somebody put the file, not what it is.
void forget_folder(std::string& path) {
  if (path.find('/') != std::string::npos) path = "./" + std::filesystem::path(path).filename().string();
}

}  // namespace

std::string describe(const Profile& profile) {
  std::string text;
  if (!profile.description.empty()) text += fmt::format("description: {}\n", quoted(profile.description));
  if (!profile.sensor.value.empty()) text += fmt::format("sensor: {}\n", quoted(profile.sensor.value));
  text += flow_text(profile.flow);
  text += packets_text(profile.packets);
  text += list_text("features", profile.features, feature_text);
  text += list_text("exporters", profile.exporters, exporter_text);
  text += output_text(profile.output);
  text += labels_text(profile.labels);
  text += live_text(profile.live);
  text += monitor_text(profile.monitor);
  text += trial_text(profile.trial);
  text += fmt::format("contamination: {}\n", contamination_text(profile.contamination.value));
  text += fmt::format("threads: {}\n", profile.threads == 0 ? "auto" : fmt::format("{}", profile.threads));
  return text;
}

std::string describe_parsing(const Profile& profile) {
  std::string text = fmt::format("flow:\n  flow_key: {}\n", choice_name(kFlowKeys, profile.flow.flow_key));
  if (profile.flow.hash_seed) text += fmt::format("  hash_seed: {}\n", *profile.flow.hash_seed);
  return text + packets_text(profile.packets);
}

std::string profile_hash(const Profile& profile) {
  Profile hashed = profile;
  hashed.description.clear();
  hashed.sensor = {};  // where, not how
  hashed.threads = 0;
  // How packets are taken is no part of what is made of them.
  hashed.live = {};
  hashed.trial = {};
  hashed.monitor = {};
  hashed.live.ingress_only = profile.live.ingress_only;
  hashed.live.merge_interfaces = profile.live.merge_interfaces;
  hashed.live.promiscuous = profile.live.promiscuous;
  for (ProfileFeature& feature : hashed.features) forget_folder(feature.plugin.module.value);
  for (ProfileExporter& exporter : hashed.exporters) {
    forget_folder(exporter.plugin.module.value);
    forget_folder(exporter.format.plugin.module.value);
    exporter.path.value = "-";
    exporter.metadata = false;
    exporter.existing = ExistingFile::kRefuse;
    exporter.rotate = {};
    exporter.keep = {};
    exporter.mode = {};
  }
  if (!hashed.labels.file.value.empty())
    hashed.labels.file.value = std::filesystem::path(hashed.labels.file.value).filename().string();
  // Features and exporters are sets: what one gives does not depend on its place in the list.
  std::sort(hashed.features.begin(), hashed.features.end(),
            [](const auto& left, const auto& right) { return feature_text(left) < feature_text(right); });
  std::sort(hashed.exporters.begin(), hashed.exporters.end(),
            [](const auto& left, const auto& right) { return exporter_text(left) < exporter_text(right); });
  return sha256_hex(std::string(kHashVersion) + describe(hashed));
}

}  // namespace flowgauge
