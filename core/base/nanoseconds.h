// Units of time in nanoseconds.
#pragma once

#include <cstdint>

namespace flowgauge {

inline constexpr std::int64_t kNsPerSecond = 1'000'000'000;

}  // namespace flowgauge
