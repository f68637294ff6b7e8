#include "core/output/number_tile.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>

#include "core/text/number_text.h"
#include "core/text/shortest_decimals.h"

namespace flowgauge {
namespace {

using number_text_detail::kAsciiZeros;
using number_text_detail::kEightDigits;
using number_text_detail::kThousandthsLimit;
using number_text_detail::text_of_digits;
using number_text_detail::write_thousandths;

template <class Item>
using Tile = std::array<Item, kTileNumbers>;

// Of numbers below 100: the digits, the first in the lower byte.
constexpr std::uint16_t two_digits(std::uint16_t value) {
  const auto tens = static_cast<std::uint16_t>(static_cast<std::uint16_t>(value * 103) >> 10);
  return static_cast<std::uint16_t>(tens | (value - 10 * tens) << 8);
}

// eight_digits() of each, value < 10^8: first two parts of four digits, then four of two, then the eight.
void split(const Tile<std::uint32_t>& values, Tile<std::uint64_t>& digits) {
  std::array<std::uint32_t, 2 * kTileNumbers> fours;
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    fours[2 * i] = values[i] / 10000;
    fours[2 * i + 1] = values[i] % 10000;
  }
  for (std::uint32_t& part : fours) {
    const std::uint32_t upper = part * 10486 >> 20;  // / 100
    part = upper | (part - 100 * upper) << 16;
  }
  std::array<std::uint16_t, 4 * kTileNumbers> twos;
  std::memcpy(twos.data(), fours.data(), sizeof fours);
  for (std::uint16_t& part : twos) part = two_digits(part);
  std::memcpy(digits.data(), twos.data(), sizeof twos);
}

// The same for value < 2^16, which most numbers are: a quarter of the work, in lanes half as wide.
void split_small(const Tile<std::uint16_t>& values, Tile<std::uint64_t>& digits) {
  Tile<std::uint16_t> first;
  Tile<std::uint16_t> middle;
  Tile<std::uint16_t> last;
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    const auto top = static_cast<std::uint16_t>(std::uint32_t{values[i]} / 16 * 839 >> 19);  // / 10000
    const auto four = static_cast<std::uint16_t>(values[i] - 10000 * top);
    const auto upper = static_cast<std::uint16_t>(std::uint32_t{four} * 5243 >> 19);  // / 100
    first[i] = static_cast<std::uint16_t>(top << 8);
    middle[i] = two_digits(upper);
    last[i] = two_digits(static_cast<std::uint16_t>(four - 100 * upper));
  }
  std::array<std::uint16_t, 4 * kTileNumbers> twos;
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    twos[4 * i] = 0;
    twos[4 * i + 1] = first[i];
    twos[4 * i + 2] = middle[i];
    twos[4 * i + 3] = last[i];
  }
  std::memcpy(digits.data(), twos.data(), sizeof twos);
}

// `any`: all bits that are set in one of the values.
void split(const Tile<std::uint32_t>& values, std::uint64_t any, Tile<std::uint64_t>& digits) {
  if (any > UINT16_MAX) return split(values, digits);
  Tile<std::uint16_t> small;
  for (std::size_t i = 0; i < kTileNumbers; ++i) small[i] = static_cast<std::uint16_t>(values[i]);
  split_small(small, digits);
}

char* write_digits(char* out, std::uint64_t digits) {
  const auto short_text = text_of_digits(digits);
  std::memcpy(out, &short_text.text, sizeof short_text.text);
  return out + short_text.size;
}

// The texts of the numbers that most cells hold, ready to be put: no digit of them is looked for.
constexpr std::size_t kReadyNumbers = 2048;
using ReadyTexts = std::array<std::uint64_t, kReadyNumbers>;

constexpr ReadyTexts ready_texts(std::size_t lead) {
  ReadyTexts texts{};
  for (std::uint32_t number = 0; number < texts.size(); ++number) {
    const auto digits = text_of_digits(number_text_detail::eight_digits(number));
    const std::uint64_t text = digits.text & ((std::uint64_t{1} << (8 * digits.size)) - 1);
    texts[number] = text << (8 * lead) | (lead + digits.size) << RowTexts::kReadySizeShift;
  }
  return texts;
}
constexpr ReadyTexts kReadyAlone = ready_texts(0);
constexpr ReadyTexts kReadyBehindSeparator = ready_texts(1);

const ReadyTexts& ready_texts_of(const RowTexts::Cells& cells) {
  return cells.has_separator() ? kReadyBehindSeparator : kReadyAlone;
}

template <class Number>
std::uint64_t bits_of_all(const Number* values) {
  std::uint64_t any = 0;
  for (std::size_t i = 0; i < kTileNumbers; ++i) any |= std::bit_cast<std::uint64_t>(values[i]);
  return any;
}

std::uint32_t bits_of_all(const Tile<std::uint32_t>& values) {
  std::uint32_t any = 0;
  for (const std::uint32_t value : values) any |= value;
  return any;
}

struct SplitReals {
  Tile<std::uint32_t> whole;
  Tile<std::uint32_t> thousandths;
  Tile<std::uint64_t> is_other;  // 1 where the number is not both: more digits, a sign, or more than 10^8
};

// Zeros, whole numbers, nanoseconds in microseconds, microseconds in milliseconds: which of them comes next cannot be
// foreseen, so all are taken apart in one way (compare write_real).
void split(const double* values, SplitReals& out) {
  Tile<double> bounded;
  for (std::size_t i = 0; i < kTileNumbers; ++i)
    bounded[i] = std::min(std::max(values[i], 0.0), double{kEightDigits - 1});
  // Signed in between, which the processor can convert.
  Tile<std::int32_t> whole;
  Tile<std::int32_t> thousandths;
  for (std::size_t i = 0; i < kTileNumbers; ++i) whole[i] = static_cast<std::int32_t>(bounded[i]);
  for (std::size_t i = 0; i < kTileNumbers; ++i)
    thousandths[i] = static_cast<std::int32_t>((bounded[i] - whole[i]) * 1000.0 + 0.5);
  for (std::size_t i = 0; i < kTileNumbers; ++i)
    out.is_other[i] = (whole[i] * 1000.0 + thousandths[i]) / 1000.0 == values[i] ? 0 : 1;
  std::memcpy(out.whole.data(), whole.data(), sizeof whole);
  std::memcpy(out.thousandths.data(), thousandths.data(), sizeof thousandths);
}

// So few numbers of a tile are written faster one by one.
constexpr std::size_t kFewNumbers = 4;

// Those that are not 0, in place of the zeros that were written.
void write_few(const RowTexts::Cells& cells, const double* values) {
  Tile<std::uint32_t> rows;
  std::uint32_t count = 0;
  for (std::uint32_t i = 0; i < kTileNumbers; ++i) {
    rows[count] = i;
    count += values[i] == 0 ? 0 : 1;
  }
  for (std::uint32_t at = 0; at < count; ++at)
    cells.end(rows[at], write_real(cells.end(rows[at]) - 1, values[rows[at]]));
}

// Times and long durations, as multiples of 1/1000 below kThousandthsLimit: the whole number has two parts of eight
// digits. What is none is written by itself.
void write_large_reals(const RowTexts::Cells& cells, const double* values) {
  Tile<std::int64_t> scaled;
  for (std::size_t i = 0; i < kTileNumbers; ++i)
    scaled[i] = static_cast<std::int64_t>(std::min(std::max(values[i], 0.0), kThousandthsLimit) * 1000.0 + 0.5);
  Tile<std::uint16_t> upper;
  Tile<std::uint32_t> lower;
  Tile<std::uint32_t> thousandths;
  for (std::size_t i = 0; i < kTileNumbers; ++i) {
    const std::uint64_t whole = static_cast<std::uint64_t>(scaled[i]) / 1000;
    upper[i] = static_cast<std::uint16_t>(whole / kEightDigits);
    lower[i] = static_cast<std::uint32_t>(whole % kEightDigits);
    thousandths[i] = static_cast<std::uint32_t>(static_cast<std::uint64_t>(scaled[i]) % 1000);
  }
  Tile<std::uint64_t> upper_digits;
  Tile<std::uint64_t> lower_digits;
  split_small(upper, upper_digits);
  split(lower, lower_digits);
  for (std::uint32_t i = 0; i < kTileNumbers; ++i) {
    char* out = cells.begin(i);
    if (static_cast<double>(scaled[i]) / 1000.0 != values[i]) [[unlikely]] {
      cells.end(i, write_real(out, values[i]));
      continue;
    }
    if (upper[i] == 0) {
      out = write_digits(out, lower_digits[i]);
    } else {
      out = write_digits(out, upper_digits[i]);
      const std::uint64_t text = lower_digits[i] | kAsciiZeros;
      std::memcpy(out, &text, sizeof text);
      out += sizeof text;
    }
    cells.end(i, write_thousandths(out, thousandths[i]));
  }
}

// Decimals of some numbers, of which none has more than sixteen.
class LongDecimals {
 public:
  [[nodiscard]] bool is_full() const { return count_ == kMost; }

  void add(std::uint32_t row, const Decimals& decimals) {
    const std::uint64_t sixteen = sixteen_digits(decimals);
    halves_[count_] = static_cast<std::uint32_t>(sixteen / kEightDigits);
    halves_[kMost + count_] = static_cast<std::uint32_t>(sixteen % kEightDigits);
    rows_[count_] = row;
    counts_[count_] = decimals.count;
    ++count_;
  }

  // Each behind its whole number, which ends at points[row]. Forgets them.
  void write(const RowTexts::Cells& cells, const Tile<char*>& points) {
    if (count_ == 0) return;
    Tile<std::uint64_t> digits;
    split(halves_, digits);
    for (std::uint32_t at = 0; at < count_; ++at) {
      char* out = points[rows_[at]];
      *out++ = '.';
      const std::array<std::uint64_t, 2> text{digits[at] | kAsciiZeros, digits[kMost + at] | kAsciiZeros};
      std::memcpy(out, text.data(), sizeof text);
      cells.end(rows_[at], out + counts_[at]);
    }
    count_ = 0;
  }

 private:
  static constexpr std::size_t kMost = kTileNumbers / 2;

  std::uint32_t count_ = 0;
  Tile<std::uint32_t> halves_{};  // the first eight digits of each, then the others
  std::array<std::uint32_t, kMost> rows_;
  std::array<std::uint32_t, kMost> counts_;
};

}  // namespace

void write_naturals(const RowTexts::Cells& column, const std::uint64_t* values) {
  const RowTexts::Cells cells = column;
  const std::uint64_t any = bits_of_all(values);
  if (any < kReadyNumbers) {
    const ReadyTexts& ready = ready_texts_of(cells);
    for (std::uint32_t i = 0; i < kTileNumbers; ++i) cells.put(i, ready[values[i]]);
    return;
  }
  if (any >= std::bit_floor(kEightDigits)) {
    for (std::uint32_t i = 0; i < kTileNumbers; ++i) cells.end(i, write_u64(cells.begin(i), values[i]));
    return;
  }
  Tile<std::uint32_t> narrow;
  for (std::size_t i = 0; i < kTileNumbers; ++i) narrow[i] = static_cast<std::uint32_t>(values[i]);
  Tile<std::uint64_t> digits;
  split(narrow, any, digits);
  for (std::uint32_t i = 0; i < kTileNumbers; ++i) cells.end(i, write_digits(cells.begin(i), digits[i]));
}

void write_integers(const RowTexts::Cells& column, const std::int64_t* values) {
  if (bits_of_all(values) >> 63 == 0) return write_naturals(column, reinterpret_cast<const std::uint64_t*>(values));
  const RowTexts::Cells cells = column;
  for (std::uint32_t i = 0; i < kTileNumbers; ++i) cells.end(i, write_i64(cells.begin(i), values[i]));
}

void write_reals(const RowTexts::Cells& column, const double* values) {
  const RowTexts::Cells cells = column;
  const ReadyTexts& ready = ready_texts_of(cells);
  // Half of a wide table's numbers are 0, most of them together: nobody in sight has a bulk or sends ICMP, or few have.
  std::uint64_t zeros = 0;
  for (const double* value = values; value != values + kTileNumbers; ++value) zeros += *value == 0 ? 1 : 0;
  if (zeros >= kTileNumbers - kFewNumbers) {
    for (std::uint32_t i = 0; i < kTileNumbers; ++i) cells.put(i, ready[0]);
    if (zeros < kTileNumbers) write_few(cells, values);
    return;
  }
  if (values[0] >= kEightDigits) return write_large_reals(cells, values);  // where one is so large most are
  SplitReals parts;
  split(values, parts);
  const std::uint32_t any = bits_of_all(parts.whole);
  Tile<std::uint64_t> digits;
  if (any >= kReadyNumbers) split(parts.whole, any, digits);
  // All are written as if they had three decimals; which of them have others cannot be foreseen.
  Tile<char*> points;
  Tile<std::uint32_t> others;
  std::uint32_t count = 0;
  const auto write_all = [&](const auto& write_whole) {
    for (std::uint32_t i = 0; i < kTileNumbers; ++i) {
      points[i] = write_whole(i);
      cells.end(i, write_thousandths(points[i], parts.thousandths[i]));
      others[count] = i;
      count += static_cast<std::uint32_t>(parts.is_other[i]);
    }
  };
  if (any < kReadyNumbers) {
    write_all([&](std::uint32_t i) { return cells.put(i, ready[parts.whole[i]]); });
  } else {
    write_all([&](std::uint32_t i) { return write_digits(cells.begin(i), digits[i]); });
  }
  // Of their decimals too all digits are found side by side, those of eight numbers at once.
  LongDecimals decimals;
  for (std::uint32_t at = 0; at < count; ++at) {
    const std::uint32_t i = others[at];
    if (values[i] <= 0 || values[i] >= double{kEightDigits - 1}) [[unlikely]] {
      char* const begin = points[i] - text_of_digits(number_text_detail::eight_digits(parts.whole[i])).size;
      cells.end(i, write_real(begin, values[i]));
      continue;
    }
    const Decimals some = shortest_decimals(values[i], parts.whole[i]);
    if (some.count > kMostDecimals) [[unlikely]] {
      cells.end(i, write_decimals(points[i], some));
      continue;
    }
    decimals.add(i, some);
    if (decimals.is_full()) decimals.write(cells, points);
  }
  decimals.write(cells, points);
}

}  // namespace flowgauge
