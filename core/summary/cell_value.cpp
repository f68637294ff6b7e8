#include "core/summary/cell_value.h"

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <chrono>
#include <cmath>
#include <cstring>

namespace flowgauge {
namespace {

constexpr std::uint64_t kExactDoubles = std::uint64_t{1} << 53;
constexpr std::size_t kMostDigits = 19;  // that fit into 64 bits
constexpr std::array<double, 23> kPowersOfTen = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                                 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

bool is_digit(char letter) { return letter >= '0' && letter <= '9'; }

CellValue whole_value(std::uint64_t size, bool is_negative) {
  CellValue value{.kind = CellValue::Kind::kNumber, .is_whole = true};
  value.whole = is_negative ? -static_cast<std::int64_t>(size) : static_cast<std::int64_t>(size);
  value.number = static_cast<double>(value.whole);
  value.is_beyond_2_53 = size > kExactDoubles;
  value.identity = mixed(static_cast<std::uint64_t>(value.whole));
  return value;
}

CellValue real_value(double number) {
  // What a whole number of the same size would be: 1.0 is 1.
  if (number == std::floor(number) && std::abs(number) <= static_cast<double>(kExactDoubles))
    return whole_value(static_cast<std::uint64_t>(std::abs(number)), number < 0);
  return {.kind = CellValue::Kind::kNumber, .number = number, .identity = mixed(std::bit_cast<std::uint64_t>(number))};
}

CellValue text_value(std::string_view text) { return {.kind = CellValue::Kind::kText, .identity = hash_of_text(text)}; }

bool is_word(std::string_view text, std::string_view word) {
  return std::ranges::equal(text, word, {},
                            [](char letter) { return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter; });
}

bool is_not_finite(std::string_view text) {
  if (text.starts_with('-') || text.starts_with('+')) text.remove_prefix(1);
  return is_word(text, "nan") || is_word(text, "inf") || is_word(text, "infinity");
}

// Digits with an exponent, or very many.
CellValue other_value(std::string_view text) {
  std::string_view digits = text;
  if (digits.starts_with('+')) digits.remove_prefix(1);
  if (digits.size() < text.size() && digits.starts_with('-')) return text_value(text);  // "+-1"
  double number = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  const bool is_number = end == digits.data() + digits.size() && !digits.empty() && !digits.starts_with('+');
  if (is_number && error == std::errc::result_out_of_range) {  // 1e999, 1e-999
    const bool is_great = !digits.contains("e-") && !digits.contains("E-");
    return is_great ? CellValue{.kind = CellValue::Kind::kNotFinite, .identity = hash_of_text(text)} : real_value(0);
  }
  if (is_number && error == std::errc() && std::isfinite(number)) {
    CellValue value = real_value(number);
    value.is_beyond_2_53 = std::abs(number) > static_cast<double>(kExactDoubles) &&
                           digits.find_first_not_of("-0123456789") == std::string_view::npos;
    value.is_whole = value.is_whole || value.is_beyond_2_53;
    if (value.is_beyond_2_53) value.identity = hash_of_text(text);
    return value;
  }
  if (is_not_finite(text)) return {.kind = CellValue::Kind::kNotFinite, .identity = hash_of_text(text)};
  return text_value(text);
}

struct Digits {
  std::string_view text;
  std::size_t at = 0;

  // So many digits as a number; -1: there are not.
  int take(std::size_t count) {
    if (text.size() - at < count) return -1;
    int number = 0;
    for (std::size_t i = 0; i < count; ++i, ++at) {
      if (!is_digit(text[at])) return -1;
      number = number * 10 + (text[at] - '0');
    }
    return number;
  }
  bool skip(char letter) {
    if (at >= text.size() || text[at] != letter) return false;
    ++at;
    return true;
  }
};

}  // namespace

std::uint64_t hash_of_text(std::string_view text) {
  std::uint64_t hash = 0x9e3779b97f4a7c15U ^ text.size();
  for (; text.size() >= sizeof hash; text.remove_prefix(sizeof hash)) {
    std::uint64_t word = 0;
    std::memcpy(&word, text.data(), sizeof word);
    hash = mixed(hash ^ word);
  }
  std::uint64_t rest = 0;
  std::memcpy(&rest, text.data(), text.size());
  return mixed(hash ^ rest);
}

CellValue value_of_cell(const Cell& cell) {
  const std::string_view text = cell.text;
  if (text.empty()) return {};
  if (cell.form == Cell::Form::kText) return text_value(text);
  const bool is_negative = text.front() == '-';
  std::size_t at = is_negative ? 1 : 0;
  const std::size_t first = at;
  std::uint64_t digits = 0;
  for (; at < text.size() && is_digit(text[at]); ++at) digits = digits * 10 + static_cast<unsigned>(text[at] - '0');
  const std::size_t whole_digits = at - first;
  if (at == text.size() && whole_digits > 0 && whole_digits <= kMostDigits && digits <= INT64_MAX)
    return whole_value(digits, is_negative);
  if (at < text.size() && text[at] != '.') return other_value(text);
  if (at == text.size()) return other_value(text);
  const std::size_t point = at++;
  for (; at < text.size() && is_digit(text[at]); ++at) digits = digits * 10 + static_cast<unsigned>(text[at] - '0');
  const std::size_t decimals = at - point - 1;
  const std::size_t count = whole_digits + decimals;
  if (at != text.size() || count == 0 || count > kMostDigits || digits >= kExactDoubles) return other_value(text);
  // Both are exact, so that their quotient is the nearest double (Clinger, 1990).
  const double size = static_cast<double>(digits) / kPowersOfTen[decimals];
  return real_value(is_negative ? -size : size);
}

std::optional<std::int64_t> time_of_text(std::string_view text) {
  Digits digits{text};
  const int year = digits.take(4);
  const bool dashes = year >= 0 && digits.skip('-');
  const int month = dashes ? digits.take(2) : -1;
  const int day = month >= 0 && digits.skip('-') ? digits.take(2) : -1;
  if (day < 0 || (!digits.skip(' ') && !digits.skip('T'))) return std::nullopt;
  const int hour = digits.take(2);
  const int minute = hour >= 0 && digits.skip(':') ? digits.take(2) : -1;
  const int second = minute >= 0 && digits.skip(':') ? digits.take(2) : -1;
  if (second < 0 || hour > 23 || minute > 59 || second > 60) return std::nullopt;
  std::int64_t fraction_ns = 0;
  if (digits.skip('.')) {
    std::int64_t unit = 100'000'000;
    const std::size_t begin = digits.at;
    for (; digits.at < text.size() && is_digit(text[digits.at]); ++digits.at, unit /= 10)
      fraction_ns += unit * (text[digits.at] - '0');
    if (digits.at == begin) return std::nullopt;
  }
  const std::string_view zone = text.substr(digits.at);
  if (!zone.empty() && zone != " UTC" && zone != "Z") return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(year), std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || year < 1700 || year > 2250) return std::nullopt;  // what 64 bits of ns hold
  const auto moment = std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
                      std::chrono::seconds(second);
  return std::chrono::duration_cast<std::chrono::nanoseconds>(moment.time_since_epoch()).count() + fraction_ns;
}

}  // namespace flowgauge
