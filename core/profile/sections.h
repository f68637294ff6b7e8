// The keys below each key of a profile, one file for each. Stateless.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"
#include "core/profile/profile.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {

[[nodiscard]] Result<void> read_flow(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_packets(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_features(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_exporters(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_columns(const YamlNode& node, std::string_view key, ProfileExporter& exporter);
[[nodiscard]] Result<void> read_rotate(const YamlNode& node, std::string_view key, ProfileExporter& exporter);
[[nodiscard]] Result<void> read_keep(const YamlNode& node, std::string_view key, ProfileExporter& exporter);
[[nodiscard]] Result<void> read_output(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_labels(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_live(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_monitor(const YamlNode& node, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_trial(const YamlNode& node, std::string_view key, Profile& profile);

// One key of a section, whose others stay as they are.
[[nodiscard]] Result<void> read_flow_key(const YamlNode& value, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_packets_key(const YamlNode& value, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_output_key(const YamlNode& value, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_labels_key(const YamlNode& value, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_live_key(const YamlNode& value, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_monitor_key(const YamlNode& value, std::string_view key, Profile& profile);
[[nodiscard]] Result<void> read_trial_key(const YamlNode& value, std::string_view key, Profile& profile);

// What each of them knows, in the order of canonical form.
[[nodiscard]] std::vector<std::string> flow_keys();
[[nodiscard]] std::vector<std::string> packets_keys();
[[nodiscard]] std::vector<std::string> feature_keys();
[[nodiscard]] std::vector<std::string> exporter_keys();
[[nodiscard]] std::vector<std::string> column_keys();
[[nodiscard]] std::vector<std::string> format_keys();
[[nodiscard]] std::vector<std::string> rotate_keys();
[[nodiscard]] std::vector<std::string> keep_keys();
[[nodiscard]] std::vector<std::string> output_keys();
[[nodiscard]] std::vector<std::string> labels_keys();
[[nodiscard]] std::vector<std::string> live_keys();
[[nodiscard]] std::vector<std::string> monitor_keys();
[[nodiscard]] std::vector<std::string> trial_keys();

}  // namespace flowgauge
