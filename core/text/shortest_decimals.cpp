#include "core/text/shortest_decimals.h"

#include <fmt/format.h>

namespace flowgauge::shortest_decimals_detail {

// Dragonbox, by Junekey Jeon. The library's own use of it writes exponents, which no reader of tables expects.
Decimals other_decimals(double value, std::uint64_t whole) {
  const auto shortest = fmt::detail::dragonbox::to_decimal(value);
  const auto count = static_cast<std::uint32_t>(-shortest.exponent);
  if (count > kMostDecimals) return {shortest.significand, count};  // it has 17 digits at most: whole is 0
  return {shortest.significand - whole * kPowersOfTen[count], count};
}

}  // namespace flowgauge::shortest_decimals_detail
