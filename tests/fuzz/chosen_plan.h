// Plans and rules that an input chooses: schemas of the project, all columns that there are, ends by features, packets.
#pragma once

#include <array>
#include <cstdint>
#include <cstdio>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/engine/plan.h"
#include "core/profile/profile_reader.h"
#include "tests/fuzz/cell_block.h"
#include "tests/fuzz/input_bytes.h"
#include "tests/fuzz/target.h"

namespace flowgauge::test {

inline PluginPaths plugin_paths() {
  // Beside those of the project two of its tests: what ABI 1.1 added, and whatever a batch may show of a packet.
  PluginPaths paths{
      .directories = {FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins", FLOWGAUGE_BINARY_DIR "/tests/app/plugins"}};
  paths.trial.how = PluginTrial::How::kNone;
  return paths;
}

// Its rows as CellBlock.
inline std::unique_ptr<Plan> plan_of(const Result<Profile>& profile) {
  if (!profile) std::fprintf(stderr, "%s\n", profile.error().message.c_str());
  must_hold(profile.has_value(), "the profile is right");
  auto plan = make_plan(*profile, plugin_paths());
  if (!plan) std::fprintf(stderr, "%s\n", plan.error().message.c_str());
  must_hold(plan.has_value(), "the plan is right");
  static const SinkKind cells{.name = "cells",
                              .ending = {},
                              .has_header = false,
                              .make_block = [](auto) { return std::make_unique<CellBlock>(); },
                              .open = {}};
  for (PlannedOutput& output : (*plan)->outputs) output.kind = &cells;
  for (const char* const interface : {"a", "b"}) (void)(*plan)->place->interfaces.add(interface);
  return std::move(*plan);
}

inline std::unique_ptr<Plan> plan_of_file(const char* name) {
  const std::vector<std::string> folders = {FLOWGAUGE_SOURCE_DIR "/configs"};
  return plan_of(load_profile(name, folders));
}

// In their folder lie others that have no place here.
inline bool is_chosen(const Feature& feature) {
  if (feature.module == nullptr || !feature.module->path.contains("/tests/")) return true;
  return feature.module->name == "choosy" || (feature.module->name == "modern" && feature.name != "modern_liar");
}

// Of first_packets more than it keeps in its record, and fewer than an input may have.
inline std::string options_of(const Feature& feature) {
  return feature.name == "first_packets" ? ", options: {packets: 50}" : "";
}

// All columns of the features that `has` names; of a series its deviation.
template <class Has>
std::unique_ptr<Plan> plan_of_columns(Has has) {
  static std::vector<std::string> refusals;
  static const auto all = load_all_plugins(plugin_paths(), refusals);
  std::string features;
  std::string columns = "exporters:\n  - columns:\n";
  for (const Feature* const feature : all->catalog.features()) {
    if (!is_chosen(*feature) || !has(std::string_view(feature->name))) continue;
    if (feature->module != nullptr)
      features += "  - {name: " + feature->name + ", module: " + feature->module->path + options_of(*feature) + "}\n";
    for (const fg_column& column : feature->columns)
      columns += "      - " + feature->name + "." + column.name + (column.type == FG_SERIES ? ".std\n" : "\n");
  }
  if (!features.empty()) features.insert(0, "features:\n");
  return plan_of(parse_profile(features + columns, "all.yaml", {}));
}

inline bool ends_flows(std::string_view feature) { return feature == "choosy_udp" || feature == "modern_ender"; }

inline Plan& chosen_plan(InputBytes& input) {
  static const std::array plans = {plan_of_file("basic"),
                                   plan_of_file("cic"),
                                   plan_of_file("cidds"),
                                   plan_of_file("nfstream"),
                                   plan_of_file("rustiflow"),
                                   plan_of_file("nf_v3"),
                                   plan_of_file("cesnet"),
                                   plan_of_columns([](auto name) { return name != "packet" && !ends_flows(name); }),
                                   plan_of_columns([](auto name) { return name == "flow" || ends_flows(name); }),
                                   plan_of_columns([](auto name) { return name == "packet"; })};
  return *plans[input.below(plans.size())];
}

inline LifeCycle rules_of(InputBytes& input) {
  constexpr std::array<std::int64_t, 8> kTimes = {
      0, 1, 1'000'000, kNsPerSecond, 5 * kNsPerSecond, 120 * kNsPerSecond, 600 * kNsPerSecond, 3600 * kNsPerSecond};
  const auto choices = input.take<std::uint8_t>();
  LifeCycle rules;
  if ((choices & 1) != 0) rules.direction = DirectionRule::kFirstPacket;
  if ((choices & 2) != 0) rules.continuation = Continuation::kFresh;
  if ((choices & 4) != 0) rules.tcp_close = TcpClose::kImmediate;
  if ((choices & 8) != 0) rules.tcp_reuse = TcpReuse::kMerge;
  rules.flow_key = static_cast<KeyRule>((choices >> 4 & 3) % 3);
  rules.max_flows = (choices & 0x80) != 0 ? kPartitions : 1'000'000;
  rules.idle_timeout_ns = kTimes[input.below(kTimes.size())];
  rules.active_timeout_ns = kTimes[input.below(kTimes.size())];
  rules.linger_ns = kTimes[input.below(kTimes.size())];
  rules.clock_jump_ns = kTimes[input.below(kTimes.size())];
  // A snapshot each second of a run over centuries would be all there is.
  const auto early = input.take<std::uint8_t>();
  if ((early & 1) != 0) rules.early_export_ns = (early >> 1) * 60 * kNsPerSecond;
  return rules;
}

}  // namespace flowgauge::test
