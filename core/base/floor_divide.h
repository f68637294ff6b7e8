// Division of integers towards minus infinity. Pure.
#pragma once

#include <cstdint>

namespace flowgauge {

// divisor > 0
constexpr std::int64_t floor_divide(std::int64_t value, std::int64_t divisor) {
  const std::int64_t quotient = value / divisor;
  return quotient - (value % divisor < 0 ? 1 : 0);
}

}  // namespace flowgauge
