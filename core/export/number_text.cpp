#include "core/export/number_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cmath>
#include <cstring>

namespace flowgauge {
namespace {

using number_text_detail::kAsciiZeros;
using number_text_detail::kEightDigits;

// With leading zeros.
void write_eight(char* out, std::uint32_t value) {
  const std::uint64_t text = number_text_detail::eight_digits(value) | kAsciiZeros;
  std::memcpy(out, &text, 8);
}

constexpr double kTwoTo63 = 9223372036854775808.0;

constexpr auto kPowersOfTen = [] {
  std::array<std::uint64_t, 17> powers{1};
  for (std::size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();
constexpr std::size_t kMostDecimals = kPowersOfTen.size() - 1;  // that are written as two times eight digits

// More decimals than that: zeros, and the digits behind the point, of which there are `decimals`.
char* write_small_decimals(char* out, std::uint64_t digits, std::size_t decimals) {
  std::array<char, kIntegerTextBytes + 8> text;  // NOLINT(cppcoreguidelines-pro-type-member-init): write_u64 fills it
  const auto count = static_cast<std::size_t>(write_u64(text.data(), digits) - text.data());
  const std::size_t whole = count > decimals ? count - decimals : 0;
  if (count < decimals) out = std::fill_n(out, decimals - count, '0');
  return std::copy_n(text.data() + whole, count - whole, out);
}

}  // namespace

char* write_many_digits(char* out, std::uint64_t value) {
  out = write_u64(out, value / kEightDigits);
  write_eight(out, static_cast<std::uint32_t>(value % kEightDigits));
  return out + 8;
}

char* write_i64(char* out, std::int64_t value) {
  auto magnitude = static_cast<std::uint64_t>(value);
  if (value < 0) {
    *out++ = '-';
    magnitude = 0 - magnitude;
  }
  return write_u64(out, magnitude);
}

char* write_decimals(char* out, double value, std::uint64_t whole) {
  // The library's own use of it writes exponents, which no reader of tables expects.
  const auto shortest = fmt::detail::dragonbox::to_decimal(value);
  const auto decimals = static_cast<std::size_t>(-shortest.exponent);
  *out++ = '.';
  if (decimals > kMostDecimals) [[unlikely]]
    return write_small_decimals(out, shortest.significand, decimals);
  const std::uint64_t rest = shortest.significand - whole * kPowersOfTen[decimals];
  const std::uint64_t sixteen = rest * kPowersOfTen[kMostDecimals - decimals];
  write_eight(out, static_cast<std::uint32_t>(sixteen / kEightDigits));
  write_eight(out + 8, static_cast<std::uint32_t>(sixteen % kEightDigits));
  return out + decimals;
}

char* write_other_real(char* out, double value) {
  if (value < 0) {
    *out++ = '-';
    value = -value;
  }
  if (value >= kTwoTo63) return std::to_chars(out, out + kRealTextBytes - 1, value, std::chars_format::fixed).ptr;
  const auto whole = static_cast<std::int64_t>(value);  // signed, which the processor can convert
  if (static_cast<double>(whole) == value) return write_u64(out, static_cast<std::uint64_t>(whole));
  return write_decimals(write_u64(out, static_cast<std::uint64_t>(whole)), value, static_cast<std::uint64_t>(whole));
}

}  // namespace flowgauge
