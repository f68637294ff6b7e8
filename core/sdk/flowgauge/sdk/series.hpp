// Accumulators for FG_SERIES columns, as kept in a flow's state: exact, independent of order, and
// empty when all bytes are zero.
#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "../plugin.h"

namespace fg {

// What a series keeps besides its sum: for values whose sum somebody else knows (Flow::bytes, a span of time).
// Fields are unsigned; the minimum is kept as its complement and signed extremes with their sign bit
// flipped, so that zero bytes are the empty series and no field needs a branch.
template <std::integral Value>
struct Spread {
  static_assert(sizeof(Value) <= 8);
  using Unsigned = std::make_unsigned_t<Value>;

  std::uint64_t squares_low;
  Unsigned squares_high;
  Unsigned complement_of_min;
  Unsigned max;

  constexpr void add(Value value) {
    const auto magnitude = static_cast<std::uint64_t>(
        value < 0 ? static_cast<Unsigned>(Unsigned{0} - static_cast<Unsigned>(value)) : static_cast<Unsigned>(value));
    add_squares(static_cast<unsigned __int128>(magnitude) * magnitude);
    const Unsigned ordered = in_order(value);
    complement_of_min = std::max(complement_of_min, static_cast<Unsigned>(~ordered));
    max = std::max(max, ordered);
  }

  // The spread of all values of both, exactly.
  [[nodiscard]] constexpr Spread merged_with(const Spread& other) const {
    Spread all = *this;
    all.add_squares((static_cast<unsigned __int128>(other.squares_high) << 64) | other.squares_low);
    all.complement_of_min = std::max(complement_of_min, other.complement_of_min);
    all.max = std::max(max, other.max);
    return all;
  }

  [[nodiscard]] constexpr fg_series cell(std::uint64_t count, std::uint64_t sum) const {
    if (count == 0) return {};
    return {.count = count,
            .sum = static_cast<std::int64_t>(sum),
            .sum_squares_low = squares_low,
            .sum_squares_high = squares_high,
            .min = static_cast<std::int64_t>(from_order(static_cast<Unsigned>(~complement_of_min))),
            .max = static_cast<std::int64_t>(from_order(max))};
  }

 private:
  static constexpr Unsigned kSign =
      std::is_signed_v<Value> ? static_cast<Unsigned>(std::numeric_limits<Value>::min()) : 0;

  static constexpr Unsigned in_order(Value value) {
    return static_cast<Unsigned>(static_cast<Unsigned>(value) ^ kSign);
  }
  static constexpr Value from_order(Unsigned ordered) { return static_cast<Value>(ordered ^ kSign); }

  // Of values narrower than 64 bits `squares_high` counts carries alone: to fill 8 bits takes 2^56 values of 8 bits,
  // to fill 16 or 32 bits 2^48 and 2^32 of the greatest there are.
  constexpr void add_squares(unsigned __int128 squares) {
    const auto low = static_cast<std::uint64_t>(squares);
    squares_low += low;
    squares_high +=
        static_cast<Unsigned>(static_cast<Unsigned>(squares >> 64) + static_cast<Unsigned>(squares_low < low));
  }
};

// Values of 8 to 64 bits, signed or not. It does not count: the host does (Flow::packets), or the feature, and hands
// the count to cell(); CountedSeries counts by itself.
template <std::integral Value>
struct Series {
  std::uint64_t sum;  // modulo 2^64: of signed values in two's complement
  Spread<Value> spread;

  constexpr void add(Value value) {
    sum += static_cast<std::uint64_t>(static_cast<std::int64_t>(value));
    spread.add(value);
  }
  [[nodiscard]] constexpr Series merged_with(const Series& other) const {
    return {sum + other.sum, spread.merged_with(other.spread)};
  }
  [[nodiscard]] constexpr fg_series cell(std::uint64_t count) const { return spread.cell(count, sum); }
};

using Spread32 = Spread<std::uint32_t>;
using Spread64 = Spread<std::uint64_t>;
static_assert(sizeof(Spread32) == 24 && sizeof(Spread64) == 32);

using Series32 = Series<std::uint32_t>;  // lengths [bytes]
using Series64 = Series<std::uint64_t>;  // times [ns]
using SignedSeries32 = Series<std::int32_t>;
using SignedSeries64 = Series<std::int64_t>;
static_assert(sizeof(Series<std::uint16_t>) == 24 && sizeof(Series32) == 32 && sizeof(Series64) == 40);

// For values that not every packet has.
template <std::integral Value>
struct CountedSeries {
  Series<Value> series;
  std::uint64_t count;

  constexpr void add(Value value) {
    series.add(value);
    ++count;
  }
  [[nodiscard]] constexpr CountedSeries merged_with(const CountedSeries& other) const {
    return {series.merged_with(other.series), count + other.count};
  }
  [[nodiscard]] constexpr fg_series cell() const { return series.cell(count); }
};

}  // namespace fg
