#include "core/text/time_text.h"

#include <array>
#include <cassert>
#include <charconv>
#include <cstring>

#include "core/base/floor_divide.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t power_of_ten(unsigned exponent) { return exponent == 0 ? 1 : 10 * power_of_ten(exponent - 1); }

constexpr auto kPairs = [] {
  std::array<std::array<char, 2>, 100> pairs{};
  for (unsigned value = 0; value < pairs.size(); ++value)
    pairs[value] = {static_cast<char>('0' + value / 10), static_cast<char>('0' + value % 10)};
  return pairs;
}();

// Two digits; `value` is below 100.
char* write_pair(char* out, std::uint32_t value) {
  std::memcpy(out, kPairs[value].data(), 2);
  return out + 2;
}

struct Date {
  std::int64_t year;
  unsigned month;
  unsigned day;
};

// The proleptic Gregorian calendar counted in eras of 400 years that begin on 1 March (Hinnant, "chrono-compatible
// low-level date algorithms", civil_from_days).
Date date_of(std::int64_t days_since_epoch) {
  const std::int64_t days = days_since_epoch + 719'468;
  const std::int64_t era = floor_divide(days, 146'097);
  const auto day_of_era = static_cast<unsigned>(days - era * 146'097);
  const unsigned year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
  const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  const unsigned shifted_month = (5 * day_of_year + 2) / 153;  // 0 is March
  const unsigned day = day_of_year - (153 * shifted_month + 2) / 5 + 1;
  const unsigned month = shifted_month < 10 ? shifted_month + 3 : shifted_month - 9;
  return {static_cast<std::int64_t>(year_of_era) + era * 400 + (month <= 2 ? 1 : 0), month, day};
}

char* write_date(char* out, const Date& date) {
  const bool negative = date.year < 0;
  const auto year = static_cast<std::uint64_t>(negative ? -date.year : date.year);
  if (negative || year > 9999) *out++ = negative ? '-' : '+';
  if (year > 9999) {
    out = std::to_chars(out, out + kTimeTextBytes, year).ptr;
  } else {
    out = write_pair(out, static_cast<std::uint32_t>(year / 100));
    out = write_pair(out, static_cast<std::uint32_t>(year % 100));
  }
  *out++ = '-';
  out = write_pair(out, date.month);
  *out++ = '-';
  return write_pair(out, date.day);
}

// Three digits; `value` is below 1000.
char* write_triple(char* out, std::uint32_t value) {
  *out++ = static_cast<char>('0' + value / 100);
  return write_pair(out, value % 100);
}

// "." and so many decimals, of which kShortest leaves out threes of zeros at the end. Nothing where none remain.
template <unsigned Decimals>
char* write_decimals(char* out, std::uint32_t part, TimeDecimals decimals) {
  if (decimals == TimeDecimals::kShortest && part == 0) return out;
  *out++ = '.';
  if constexpr (Decimals > 6) out = write_triple(out, part / 1'000'000);
  if constexpr (Decimals > 3) out = write_triple(out, part / 1000 % 1000);
  out = write_triple(out, part % 1000);
  if (decimals == TimeDecimals::kShortest) {
    for (; part % 1000 == 0; part /= 1000) out -= 3;
  }
  return out;
}

}  // namespace

char* TimeText::write(char* out, std::int64_t time, std::int64_t unit_ns, TimeDecimals decimals) {
  switch (unit_ns) {
    case 1:
      return write_moment<9>(out, time, decimals);
    case 1'000:
      return write_moment<6>(out, time, decimals);
    case 1'000'000:
      return write_moment<3>(out, time, decimals);
    default:
      assert(unit_ns == 1'000'000'000);
      return write_moment<0>(out, time, decimals);
  }
}

template <unsigned Decimals>
char* TimeText::write_moment(char* out, std::int64_t time, TimeDecimals decimals) {
  constexpr std::uint64_t kPerSecond = power_of_ten(Decimals);
  const std::int64_t second = floor_divide(time, static_cast<std::int64_t>(kPerSecond));
  if (second != second_ || text_bytes_ == 0) take_in(second);
  std::memcpy(out, text_.data(), text_.size());
  out += text_bytes_;
  // The lowest second begins before the lowest 64-bit number, so the difference is taken without a sign.
  if constexpr (Decimals > 0) {
    const std::uint64_t part = static_cast<std::uint64_t>(time) - static_cast<std::uint64_t>(second) * kPerSecond;
    out = write_decimals<Decimals>(out, static_cast<std::uint32_t>(part), decimals);
  }
  std::memcpy(out, " UTC", 4);
  return out + 4;
}

void TimeText::take_in(std::int64_t second) {
  constexpr std::int64_t kPerDay = 86'400;
  const std::int64_t day = floor_divide(second, kPerDay);
  if (day != day_) {
    date_bytes_ = static_cast<std::size_t>(write_date(text_.data(), date_of(day)) - text_.data());
    day_ = day;
  }
  // As above: of the lowest day.
  const auto of_day = static_cast<std::uint32_t>(static_cast<std::uint64_t>(second) -
                                                 static_cast<std::uint64_t>(day) * static_cast<std::uint64_t>(kPerDay));
  char* out = text_.data() + date_bytes_;
  *out++ = ' ';
  out = write_pair(out, of_day / 3600);
  *out++ = ':';
  out = write_pair(out, of_day / 60 % 60);
  *out++ = ':';
  out = write_pair(out, of_day % 60);
  text_bytes_ = static_cast<std::size_t>(out - text_.data());
  second_ = second;
}

}  // namespace flowgauge
