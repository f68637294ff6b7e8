// The line that shows on a terminal what a live run does: rate, flows, rows, losses.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "core/engine/run_status.h"

namespace flowgauge {

// What was there at the last look.
struct LiveRate {
  std::uint64_t seen = 0;
  std::chrono::nanoseconds elapsed{0};
};

// "0:12, 1,234,567 packets/s, 8,901 flows, 2,345 rows", and "; 67 LOST" if packets were. Moves `last` on.
[[nodiscard]] std::string live_line(const RunStatus& status, LiveRate& last);

}  // namespace flowgauge
