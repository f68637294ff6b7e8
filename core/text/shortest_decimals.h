// What stands behind the point of a real: the fewest digits that read back as the same double, of those the nearest to
// it, and of two that are as near the even one.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

#include "core/text/number_text.h"

namespace flowgauge {

// The digits as a number, leading zeros and all so many of them: 12.034 has 34 and 3.
struct Decimals {
  std::uint64_t digits;
  std::uint32_t count;
};
inline constexpr std::uint32_t kMostDecimals = 16;  // that are written as two times eight digits; few reals have more

namespace shortest_decimals_detail {

inline constexpr auto kPowersOfTen = [] {
  std::array<std::uint64_t, 20> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

inline constexpr std::uint32_t kMantissaBits = 52;
// As it is stored, of doubles that are whole numbers of 53 bits.
inline constexpr std::uint32_t kExponentOfUnits = 1075;
// 10 * 2^60 is below 2^64.
inline constexpr std::uint32_t kMostFractionBits = 60;

// By the bits of a fraction: the least count with 10^count > 2^bits.
inline constexpr auto kEnoughDecimals = [] {
  std::array<std::uint8_t, kMostFractionBits + 1> counts{};
  for (std::size_t bits = 0; bits < counts.size(); ++bits)
    while (kPowersOfTen[counts[bits]] <= std::uint64_t{1} << bits) ++counts[bits];
  return counts;
}();

Decimals other_decimals(double value, std::uint64_t whole);  // for any value

}  // namespace shortest_decimals_detail

// `value` is positive and no whole number; `whole` is what it is rounded down, which stands before the point: a decimal
// that reads back as `value` cannot reach the next whole number, which is a double too.
//
// Most values are whole + fraction / 2^bits with so few bits that all can be told exactly. What reads back as `value`
// is less than 2^-bits / 2 away from it: decimals that are as far apart, or less, always have one there; those of one
// digit less at most one, and if that has zeros at its end it is the one with still fewer digits. No decimal that is
// short enough lies on the border. A power of two, whose neighbour below is nearer, is itself the one with fewer
// digits.
inline Decimals shortest_decimals(double value, std::uint64_t whole) {
  namespace detail = shortest_decimals_detail;
  const auto stored = std::bit_cast<std::uint64_t>(value);
  const std::uint64_t units = std::uint64_t{1} << detail::kMantissaBits;
  const std::uint32_t bits = detail::kExponentOfUnits - static_cast<std::uint32_t>(stored >> detail::kMantissaBits);
  if (bits > detail::kMostFractionBits) [[unlikely]]
    return detail::other_decimals(value, whole);
  const std::uint64_t fraction = (units | (stored & (units - 1))) - (whole << bits);
  const std::uint32_t count = detail::kEnoughDecimals[bits];
  const std::uint64_t one = std::uint64_t{1} << bits;

  // The digits are enough.rest; in units of the last one half the distance of doubles is half / 2^bits.
  const auto scaled = static_cast<unsigned __int128>(fraction) * detail::kPowersOfTen[count];
  const auto enough = static_cast<std::uint64_t>(scaled >> bits);
  const std::uint64_t rest = static_cast<std::uint64_t>(scaled) & (one - 1);
  const std::uint64_t half = detail::kPowersOfTen[count] / 2;
  const std::uint64_t fewer = enough / 10;
  const std::uint64_t above_fewer = (enough - 10 * fewer) * one + rest;
  const bool next_is_near = 10 * one - above_fewer < half;
  if (above_fewer < half || next_is_near) {
    Decimals found{fewer + (next_is_near ? 1 : 0), count - 1};
    for (; found.digits % 10 == 0; --found.count) found.digits /= 10;
    return found;
  }
  const bool rounds_up = 2 * rest + (enough & 1) > one;
  return {enough + (rounds_up ? 1 : 0), count};
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
