#include "core/expression/exact_statistics.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstring>

#include "core/expression/plain_integers.h"

namespace flowgauge::expression {
namespace {

using Wide = unsigned __int128;

constexpr std::uint64_t kExactBelow = std::uint64_t{1} << 53;

// Beyond the end too, which no prefetch minds. Series of many columns lie beyond the first-level cache; without, 5 % of
// a run is waiting for them.
constexpr std::uint32_t kSeriesAhead = 16;

int bit_length(Wide value) {
  const auto high = static_cast<std::uint64_t>(value >> 64);
  return high != 0 ? 64 + std::bit_width(high) : std::bit_width(static_cast<std::uint64_t>(value));
}

std::uint64_t magnitude(std::int64_t value) {
  return value < 0 ? 0 - static_cast<std::uint64_t>(value) : static_cast<std::uint64_t>(value);
}

// 256 bits, least significant word first.
using Words = std::array<std::uint64_t, 4>;

// count * squares - sum * sum, which no series makes negative; 0 for one that cannot be.
Words scaled_deviations(const fg_series& series) {
  const Wide low = static_cast<Wide>(series.sum_squares_low) * series.count;
  const Wide high = static_cast<Wide>(series.sum_squares_high) * series.count + (low >> 64);
  const Wide square = static_cast<Wide>(magnitude(series.sum)) * magnitude(series.sum);
  Words out{static_cast<std::uint64_t>(low), static_cast<std::uint64_t>(high), static_cast<std::uint64_t>(high >> 64),
            0};
  const std::array<std::uint64_t, 2> subtrahend{static_cast<std::uint64_t>(square),
                                                static_cast<std::uint64_t>(square >> 64)};
  std::uint64_t borrow = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const std::uint64_t take = i < 2 ? subtrahend[i] : 0;
    const std::uint64_t before = out[i];
    out[i] = before - take - borrow;
    borrow = before < take || (before == take && borrow != 0) ? 1 : 0;
  }
  return borrow != 0 ? Words{} : out;
}

int bit_length(const Words& words) {
  for (std::size_t i = words.size(); i-- > 0;) {
    if (words[i] != 0) return static_cast<int>(64 * i) + std::bit_width(words[i]);
  }
  return 0;
}

bool bit_at(const Words& words, int index) {
  return (words[static_cast<std::size_t>(index / 64)] >> (index % 64) & 1U) != 0;
}

struct Root {
  std::uint64_t root;
  bool exact;
};

// The whole part of the square root, digit by digit.
Root square_root(Wide value) {
  Wide root = 0;
  Wide rest = value;
  for (Wide bit = static_cast<Wide>(1) << 126; bit != 0; bit >>= 2) {
    if (rest >= root + bit) {
      rest -= root + bit;
      root = (root >> 1) + bit;
    } else {
      root >>= 1;
    }
  }
  return {static_cast<std::uint64_t>(root), rest == 0};
}

// sqrt(numerator / denominator) by whole numbers alone: floor(sqrt(quotient * 4^shift)) with at least 55 bits and a
// last bit that says whether anything was cut off, which is all that rounding to 53 bits needs.
double nearest_root_exact(const Words& numerator, Wide denominator) {
  // The quotient shall have 110 to 112 bits.
  int shift = 111 + bit_length(denominator) - bit_length(numerator);
  if (shift % 2 != 0) --shift;
  // Long division, one bit of numerator * 2^shift at a time.
  Wide quotient = 0;
  Wide rest = 0;
  bool cut = false;
  for (int i = bit_length(numerator) - 1 + shift; i >= 0; --i) {
    const int source = i - shift;
    const bool carry = rest >> 127 != 0;
    rest = rest << 1 | (source >= 0 && bit_at(numerator, source) ? 1U : 0U);
    quotient <<= 1;
    if (carry || rest >= denominator) {
      rest -= denominator;
      quotient |= 1U;
    }
  }
  // A negative shift leaves out the lowest bits of the numerator.
  for (int i = 0; i < -shift; ++i) cut = cut || bit_at(numerator, i);
  cut = cut || rest != 0;
  const Root root = square_root(quotient);
  const std::uint64_t sticky = cut || !root.exact ? 1 : 0;
  return std::ldexp(static_cast<double>(root.root | sticky), -shift / 2);
}

// What most deviations are the root of; neither is 0.
struct Fraction {
  static constexpr int kNumeratorBits = 106;
  static constexpr int kDenominatorBits = 52;
  Wide numerator;
  std::uint64_t denominator;
};

// The bits of a double near sqrt(numerator / denominator). Numerator and quotient are rounded, the root halves what
// that changes and is rounded itself: it is off by less than 3/2 units in the last place.
std::uint64_t guess_root(const Fraction& fraction) {
  // Two parts that a double holds; signed, which the processor can convert.
  constexpr int kPartBits = 53;
  const auto high = static_cast<std::int64_t>(fraction.numerator >> kPartBits);
  const auto low = static_cast<std::int64_t>(static_cast<std::uint64_t>(fraction.numerator) & (kExactBelow - 1));
  const double numerator = static_cast<double>(high) * 0x1p53 + static_cast<double>(low);
  return std::bit_cast<std::uint64_t>(
      std::sqrt(numerator / static_cast<double>(static_cast<std::int64_t>(fraction.denominator))));
}

// The double nearest to the root, which is the guess or a neighbour.
double nearest_root(const Fraction& fraction, std::uint64_t guess) {
  constexpr std::uint64_t kLeadingBit = std::uint64_t{1} << 52;
  // guess = mantissa / 2^shift
  const std::uint64_t mantissa = (guess & (kLeadingBit - 1)) | kLeadingBit;
  const auto shift = static_cast<unsigned>(1023 + 52 - static_cast<int>(guess >> 52));
  if (shift >= 64) [[unlikely]]
    return nearest_root_exact(
        {static_cast<std::uint64_t>(fraction.numerator), static_cast<std::uint64_t>(fraction.numerator >> 64)},
        fraction.denominator);
  // For x = root * 2^shift: (x^2 - mantissa^2) * denominator. It is small, though what it is the difference of may not
  // fit.
  const Wide unit = Wide{mantissa} * fraction.denominator;
  const Wide off = (fraction.numerator << (2 * shift)) - mantissa * unit;
  // A neighbour is nearer where x is more than 1/2 off: (mantissa + 1/2)^2 = mantissa^2 + mantissa + 1/4. Never just as
  // near: the square of an odd number of 54 bits would divide the numerator. Nor is the closer one below a power of
  // two: a guess is such a one where the numerator was rounded to its square times the denominator, which is a double.
  // Signs, not branches: which way a guess is off cannot be foreseen.
  const Wide below = unit + fraction.denominator / 4 - off;
  const Wide above = off + unit - (fraction.denominator + 3) / 4;
  const auto up = static_cast<std::uint64_t>(below >> 127);
  const auto down = static_cast<std::uint64_t>(above >> 127);
  return std::bit_cast<double>(guess + up - down);
}

bool deviates(const fg_series& series) { return series.min != series.max; }  // neither no value nor one

// (count * squares - sum * sum) / (count * divisor), if it is a Fraction; `divisor` is count or one less.
bool deviations_are_short(const fg_series& series, std::uint64_t divisor, Fraction& out) {
  constexpr int kCountBits = Fraction::kDenominatorBits / 2;
  if ((series.count >> kCountBits | series.sum_squares_high >> (64 - kCountBits)) != 0) [[unlikely]]
    return false;
  const Wide squares =
      (Wide{series.count * series.sum_squares_high} << 64) + Wide{series.count} * series.sum_squares_low;
  const Wide square = Wide{magnitude(series.sum)} * magnitude(series.sum);
  out = {squares - square, series.count * divisor};
  return squares > square && out.numerator >> Fraction::kNumeratorBits == 0;
}

// The root of the same, however long the numbers; of one that deviates.
double root_of_long_deviations(const fg_series& series, std::uint64_t divisor) {
  const Words deviations = scaled_deviations(series);
  return deviations == Words{} ? 0 : nearest_root_exact(deviations, Wide{series.count} * divisor);
}

double root_of_deviations(const fg_series& series, std::uint64_t divisor) {
  Fraction fraction{};
  return deviations_are_short(series, divisor, fraction) ? nearest_root(fraction, guess_root(fraction))
                                                         : root_of_long_deviations(series, divisor);
}

double mean_of(std::int64_t sum, std::uint64_t count) {
  const double mean = nearest_quotient(magnitude(sum), count);
  return sum < 0 ? -mean : mean;
}

}  // namespace

double nearest_quotient(std::uint64_t numerator, std::uint64_t denominator) {
  if (numerator == 0 || denominator == 0) return 0;
  if (numerator < kExactBelow && denominator < kExactBelow) {
    // Signed, which the processor can convert.
    return static_cast<double>(static_cast<std::int64_t>(numerator)) /
           static_cast<double>(static_cast<std::int64_t>(denominator));
  }
  // 56 or 57 bits of the quotient (all of them, if it is longer), and in the last whether anything was cut off.
  int shift = 56 + std::bit_width(denominator) - std::bit_width(numerator);
  if (shift < 0) shift = 0;
  const Wide scaled = static_cast<Wide>(numerator) << shift;
  const auto quotient = static_cast<std::uint64_t>(scaled / denominator);
  const std::uint64_t sticky = scaled % denominator != 0 ? 1 : 0;
  return std::ldexp(static_cast<double>(quotient | sticky), -shift);
}

double series_mean(const fg_series& series) { return mean_of(series.sum, series.count); }

void split_series(const fg_series* series, std::uint32_t rows, const SeriesParts& parts) {
  // Neighbours two by two: the compiler then loads both at once.
  for (std::uint32_t row = 0; row < rows; ++row) {
    __builtin_prefetch(&series[row + kSeriesAhead]);
    parts.counts[row] = series[row].count;
    parts.sums[row] = static_cast<std::uint64_t>(series[row].sum);
  }
  for (std::uint32_t row = 0; row < rows; ++row) {
    parts.minima[row] = static_cast<std::uint64_t>(series[row].min);
    parts.maxima[row] = static_cast<std::uint64_t>(series[row].max);
  }
}

void series_means(const SeriesParts& parts, std::uint32_t rows, double* out) {
  const bool are_exact = plain::divide(
      rows, [&](std::uint32_t row) { return parts.sums[row]; }, [&](std::uint32_t row) { return parts.counts[row]; },
      out);
  if (are_exact) return;
  for (std::uint32_t row = 0; row < rows; ++row) {
    out[row] = mean_of(static_cast<std::int64_t>(parts.sums[row]), parts.counts[row]);
  }
}

void series_stds(const SeriesParts& parts, const fg_series* series, std::uint32_t rows, double* out) {
  // Most deviate by nothing; which of them cannot be foreseen.
  constexpr std::uint32_t kPart = 64;
  for (std::uint32_t first = 0; first < rows; first += kPart) {
    std::array<std::uint32_t, kPart> deviating;
    std::uint32_t count = 0;
    for (std::uint32_t row = first; row < std::min(first + kPart, rows); ++row) {
      out[row] = 0;
      deviating[count] = row;
      count += parts.minima[row] != parts.maxima[row] ? 1 : 0;
    }
    // Guesses first: a root takes so long that what waits for it is better done when all are under way.
    std::array<Fraction, kPart> fractions;
    std::array<std::uint64_t, kPart> guesses;
    std::uint32_t guessed = 0;
    for (std::uint32_t at = 0; at < count; ++at) {
      const std::uint32_t row = deviating[at];
      if (deviations_are_short(series[row], series[row].count, fractions[guessed])) [[likely]] {
        guesses[guessed] = guess_root(fractions[guessed]);
        deviating[guessed++] = row;
      } else {
        out[row] = root_of_long_deviations(series[row], series[row].count);
      }
    }
    for (std::uint32_t at = 0; at < guessed; ++at) out[deviating[at]] = nearest_root(fractions[at], guesses[at]);
  }
}

double series_std(const fg_series& series) { return deviates(series) ? root_of_deviations(series, series.count) : 0; }

double series_std_sample(const fg_series& series) {
  return deviates(series) && series.count > 1 ? root_of_deviations(series, series.count - 1) : 0;
}

}  // namespace flowgauge::expression
