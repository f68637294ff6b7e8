// What features have counted over all their flows (fg_feature.counters), with names for people: of one worker, or of
// all of them together.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

struct FeatureCounter {
  std::string feature;
  std::string name;
  fg_unit unit = FG_UNIT_COUNT;
  std::uint64_t value = 0;

  bool operator==(const FeatureCounter&) const = default;
};

// By feature, as the profile has them, then as declared. Those that are 0 too.
using FeatureCounters = std::vector<FeatureCounter>;

// `values` in the order of the counters.
void add_counts(FeatureCounters& counters, std::span<const std::uint64_t> values);
// Of another worker, with the same features; or of nobody yet.
void add_counters(FeatureCounters& counters, const FeatureCounters& others);

// By feature: "tls: handshakes 1,234, bytes 56,789 B".
[[nodiscard]] std::vector<std::string> counter_texts(std::span<const FeatureCounter> counters);

}  // namespace flowgauge
