// What stands behind the point of a real: the fewest digits that read back as the same double (Dragonbox, by Junekey Jeon, as
// {fmt} has it). For number_text.cpp and number_tile.cpp, which inline the library's code: see CMakeLists.txt.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

#include "core/export/number_text.h"

namespace flowgauge {

// The digits as a number, leading zeros and all so many of them: 12.034 has 34 and 3.
struct Decimals {
  std::uint64_t digits;
  std::uint32_t count;
};
inline constexpr std::uint32_t kMostDecimals = 16;  // that are written as two times eight digits; few reals have more

namespace shortest_decimals_detail {

inline constexpr auto kPowersOfTen = [] {
  std::array<std::uint64_t, kMostDecimals + 1> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

}  // namespace shortest_decimals_detail

// `value` is positive and no whole number; `whole` is what it is rounded down, which stands before the point: a decimal that
// reads back as `value` cannot reach the next whole number, which is a double too.
inline Decimals shortest_decimals(double value, std::uint64_t whole) {
  // The library's own use of it writes exponents, which no reader of tables expects.
  const auto shortest = fmt::detail::dragonbox::to_decimal(value);
  const auto count = static_cast<std::uint32_t>(-shortest.exponent);
  if (count > kMostDecimals) return {shortest.significand, count};  // it has 17 digits at most: whole is 0
  return {shortest.significand - whole * shortest_decimals_detail::kPowersOfTen[count], count};
}

// Those of no more than kMostDecimals with zeros behind them: a number below 10^16.
inline std::uint64_t sixteen_digits(const Decimals& decimals) {
  return decimals.digits * shortest_decimals_detail::kPowersOfTen[kMostDecimals - decimals.count];
}

// The point and the digits; returns their end. Needs kRealTextBytes.
inline char* write_decimals(char* out, const Decimals& decimals) {
  *out++ = '.';
  if (decimals.count > kMostDecimals) {
    std::array<char, kIntegerTextBytes + 8> text;  // NOLINT(cppcoreguidelines-pro-type-member-init): write_u64 fills it
    const auto size = static_cast<std::uint32_t>(write_u64(text.data(), decimals.digits) - text.data());
    return std::copy_n(text.data(), size, std::fill_n(out, decimals.count - size, '0'));
  }
  const std::uint64_t sixteen = sixteen_digits(decimals);
  number_text_detail::write_eight(out, static_cast<std::uint32_t>(sixteen / number_text_detail::kEightDigits));
  number_text_detail::write_eight(out + 8, static_cast<std::uint32_t>(sixteen % number_text_detail::kEightDigits));
  return out + decimals.count;
}

}  // namespace flowgauge
