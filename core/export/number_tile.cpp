#include "core/export/number_tile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "core/export/number_text.h"

namespace flowgauge {
namespace {

using number_text_detail::kAsciiZeros;
using number_text_detail::kEightDigits;
using number_text_detail::kThousandths;

template <class Item>
using Tile = std::array<Item, kTileNumbers>;

// eight_digits() of each, value < 10^8: first two parts of four digits, then four of two, then the eight.
void split(const Tile<std::int32_t>& values, Tile<std::uint64_t>& digits) {
  std::array<std::uint32_t, 2 * kTileNumbers> fours;
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    const auto value = static_cast<std::uint32_t>(values[i]);
    fours[2 * i] = value / 10000;
    fours[2 * i + 1] = value % 10000;
  }
  for (std::uint32_t& part : fours) {
    const std::uint32_t upper = part * 10486 >> 20;  // / 100
    part = upper | (part - 100 * upper) << 16;
  }
  std::array<std::uint16_t, 4 * kTileNumbers> twos;
  std::memcpy(twos.data(), fours.data(), sizeof fours);
  for (std::uint16_t& part : twos) {
    const auto upper = static_cast<std::uint16_t>(static_cast<std::uint16_t>(part * 103) >> 10);  // / 10
    part = static_cast<std::uint16_t>(upper | (part - 10 * upper) << 8);
  }
  std::memcpy(digits.data(), twos.data(), sizeof twos);
}

char* write_digits(char* out, std::uint64_t digits) {
  const int zeros = std::countr_zero(digits | std::uint64_t{1} << 56) & 56;
  const std::uint64_t text = (digits | kAsciiZeros) >> zeros;
  std::memcpy(out, &text, sizeof text);
  return out + (8 - zeros / 8);
}

// Half of a wide table's numbers are 0, most of them together: nobody in sight has a bulk or sends ICMP.
char* write_zeros(char* out, const TileText& text) {
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    *out++ = text.before;
    *out++ = '0';
    text.ends[i] = static_cast<std::uint32_t>(out - text.begin);
  }
  return out;
}

template <class Number>
std::uint64_t bits_of_all(const Number* values) {
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < kTileNumbers; ++i) any |= std::bit_cast<std::uint64_t>(values[i]);
  return any;
}

struct SplitReals {
  Tile<std::int32_t> whole;
  Tile<std::int32_t> thousandths;
  std::uint32_t others = 0;  // bit i: these two are not the whole of number i
};

// Zeros, whole numbers, nanoseconds in microseconds, microseconds in milliseconds: which of them comes next cannot be
// foreseen, so all are taken apart in one way (compare write_real).
void split(const double* values, SplitReals& out) {
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    const double bounded = values[i] > 0 && values[i] < double{kEightDigits} ? values[i] : 0;
    const auto whole = static_cast<std::int32_t>(bounded);
    const auto thousandths = static_cast<std::int32_t>((bounded - whole) * 1000.0 + 0.5);
    out.whole[i] = whole;
    out.thousandths[i] = thousandths;
    out.others |= ((whole * 1000.0 + thousandths) / 1000.0 != values[i] ? 1U : 0U) << i;
  }
}

}  // namespace

char* write_naturals(char* out, const std::uint64_t* values, const TileText& text) {
  const std::uint64_t any = bits_of_all(values);
  if (any == 0) return write_zeros(out, text);
  const bool small = any < std::bit_floor(kEightDigits);
  Tile<std::uint64_t> digits;
  if (small) {
    Tile<std::int32_t> narrow;
    for (std::size_t i = 0; i < kTileNumbers; ++i) narrow[i] = static_cast<std::int32_t>(values[i]);
    split(narrow, digits);
  }
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    *out++ = text.before;
    out = small ? write_digits(out, digits[i]) : write_u64(out, values[i]);
    text.ends[i] = static_cast<std::uint32_t>(out - text.begin);
  }
  return out;
}

char* write_reals(char* out, const double* values, const TileText& text) {
  if (bits_of_all(values) == 0) return write_zeros(out, text);  // -0.0 has a bit
  SplitReals parts;
  split(values, parts);
  Tile<std::uint64_t> digits;
  split(parts.whole, digits);
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    *out++ = text.before;
    if ((parts.others >> i & 1U) == 0) {
      out = write_digits(out, digits[i]);
      const auto& rest = kThousandths[static_cast<std::size_t>(parts.thousandths[i])];
      std::memcpy(out, rest.text.data(), rest.text.size());
      out += rest.size;
    } else {
      out = write_other_real(out, values[i]);
    }
    text.ends[i] = static_cast<std::uint32_t>(out - text.begin);
  }
  return out;
}

}  // namespace flowgauge
