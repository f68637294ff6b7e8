// What a feature costs: reported by the check, not judged.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "core/check/subject.h"

namespace flowgauge {

struct FeatureFigures {
  std::string feature;
  std::uint32_t state_bytes = 0;
  std::uint32_t columns = 0;
  double ns_per_packet = 0;  // in batches of 64, of two dozen flows that lie in the cache; 0 if it failed

  bool operator==(const FeatureFigures&) const = default;
};

// Runs the plugin's code on this thread.
[[nodiscard]] std::vector<FeatureFigures> measure_features(const Subject& subject);

}  // namespace flowgauge
