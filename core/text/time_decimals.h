// A choice of the profile, for all times of a table. Plain data.
#pragma once

#include <cstdint>

namespace flowgauge {

// How many decimals a moment has: as many as its unit, whatever its value; or 0, 3, 6 or 9, the fewest that tell all.
enum class TimeDecimals : std::uint8_t { kFixed, kShortest };

}  // namespace flowgauge
