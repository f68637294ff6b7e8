// Numbers as text, for every text format (docs/semantics.md, section 5). Hot: no allocation, no locale. Stateless.
// Each function writes at `out` and returns the end of what it wrote.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace flowgauge {

inline constexpr std::size_t kIntegerTextBytes = 20;  // -9223372036854775808
// -5e-324 takes 327 characters, the greatest double 310; some more because the writers store whole words.
inline constexpr std::size_t kRealTextBytes = 352;

char* write_many_digits(char* out, std::uint64_t value);  // write_u64 of 10^8 and more

namespace number_text_detail {

inline constexpr std::uint32_t kEightDigits = 100'000'000;
inline constexpr std::uint64_t kAsciiZeros = 0x3030303030303030;

// The eight digits of value < 10^8 as bytes 0 to 9, the first in the lowest byte. In each step all parts are split in
// two at once, by multiplications in place of divisions: 10486 / 2^20 is 1/100 for up to 4 digits, 103 / 2^10 1/10 for
// 2.
constexpr std::uint64_t eight_digits(std::uint32_t value) {
  const std::uint64_t fours = value / 10000 | std::uint64_t{value % 10000} << 32;
  const std::uint64_t hundreds = (fours * 10486 >> 20) & 0x0000'007f'0000'007f;
  const std::uint64_t twos = hundreds | (fours - 100 * hundreds) << 16;
  const std::uint64_t tens = (twos * 103 >> 10) & 0x000f'000f'000f'000f;
  return tens | (twos - 10 * tens) << 8;
}

// With leading zeros.
inline void write_eight(char* out, std::uint32_t value) {
  const std::uint64_t text = eight_digits(value) | kAsciiZeros;
  std::memcpy(out, &text, sizeof text);
}

struct ShortText {
  std::uint64_t text;  // the first character in the lowest byte
  std::uint32_t size;
};

// The text of eight_digits() without leading zeros; no branch on the length, which nobody can foresee.
constexpr ShortText text_of_digits(std::uint64_t digits) {
  const auto zeros = static_cast<std::uint32_t>(std::countr_zero(digits | std::uint64_t{1} << 56)) / 8;
  return {(digits | kAsciiZeros) >> (8 * zeros), 8 - zeros};
}

}  // namespace number_text_detail

// Both need kIntegerTextBytes + 8 at `out`: they store 8 digits at a time.
inline char* write_u64(char* out, std::uint64_t value) {
  if (value >= number_text_detail::kEightDigits) [[unlikely]]
    return write_many_digits(out, value);
  const auto short_text =
      number_text_detail::text_of_digits(number_text_detail::eight_digits(static_cast<std::uint32_t>(value)));
  std::memcpy(out, &short_text.text, sizeof short_text.text);
  return out + short_text.size;
}
char* write_i64(char* out, std::int64_t value);

namespace number_text_detail {

struct Thousandths {
  std::array<char, 4> text;  // ".125", without trailing zeros
  std::uint32_t size;
};
// One more than there are, for what is rounded up: a text that is written over.
inline constexpr auto kThousandths = [] {
  std::array<Thousandths, 1001> all{};
  for (std::uint32_t i = 1; i < 1000; ++i) {
    const std::array<char, 3> digits{static_cast<char>('0' + i / 100), static_cast<char>('0' + i / 10 % 10),
                                     static_cast<char>('0' + i % 10)};
    all[i] = {{'.', digits[0], digits[1], digits[2]}, i % 10 != 0 ? 4U : i % 100 != 0 ? 3U : 2U};
  }
  return all;
}();

// The point and the digits behind it, or nothing for 0; stores 4 bytes.
inline char* write_thousandths(char* out, std::uint64_t thousandths) {
  const Thousandths& rest = kThousandths[thousandths];
  std::memcpy(out, rest.text.data(), rest.text.size());
  return out + rest.size;
}

// Doubles below it are less than 1/1000 apart, so that no decimal with fewer digits than k / 1000 reads back as the
// same double as k / 1000 does.
inline constexpr double kThousandthsLimit = 0x1p42;

}  // namespace number_text_detail

char* write_other_real(char* out, double value);  // write_real of what is not a multiple of 1/1000

// The shortest decimal that reads back as `value`, never with an exponent, ".0" or "-0". A whole number is written in
// full. Needs kRealTextBytes. `value` is finite.
inline char* write_real(char* out, double value) {
  if (value >= 0 && value < number_text_detail::kThousandthsLimit) [[likely]] {
    // Zeros, whole numbers, nanoseconds in microseconds, microseconds in milliseconds: all in one way, since which of
    // them comes next cannot be foreseen.
    const auto thousandths = static_cast<std::int64_t>(value * 1000.0 + 0.5);
    if (static_cast<double>(thousandths) / 1000.0 == value) {
      out = write_u64(out, static_cast<std::uint64_t>(thousandths) / 1000);
      return number_text_detail::write_thousandths(out, static_cast<std::uint64_t>(thousandths) % 1000);
    }
  }
  return write_other_real(out, value);
}

}  // namespace flowgauge
