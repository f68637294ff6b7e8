// How much a plugin may have in a trial, as plain data.
#pragma once

#include <cstdint>

namespace flowgauge {

struct TrialLimits {
  std::int64_t time_ns = 10'000'000'000;                 // of each library and each feature; 0: without end
  std::uint64_t memory_bytes = std::uint64_t{4} << 30U;  // beyond what the process has; 0: without a limit

  bool operator==(const TrialLimits&) const = default;
};

}  // namespace flowgauge
