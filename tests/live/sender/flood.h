// Small UDP frames or TCP SYNs, as many as the machine or a rate allows; each flow's packets follow each other, every
// second one from the other host of the flow.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/result.h"
#include "tests/live/sender/wire.h"

namespace flowgauge {

enum class FloodOf : std::uint8_t { kUdp, kSyn };

struct FloodPlan {
  std::string name_space, interface;
  double seconds = 1;
  std::uint64_t rate = 0;   // packets per second; 0: the machine's limit
  std::uint64_t flows = 0;  // different ones, in turn; 0: each flow is a new one
  std::uint32_t packets_per_flow = 1;
  std::uint32_t frame_bytes = 60;  // 64 on the wire, with the check sequence
  FloodOf of = FloodOf::kUdp;
  Egress egress = Egress::kThroughHooks;
  int cpu = 0;
};

// Ends with a line of JSON: {"sent": N, "seconds": S, "cpu_seconds": C}.
[[nodiscard]] Result<void> flood(const FloodPlan& plan);

}  // namespace flowgauge
