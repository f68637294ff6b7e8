#include "core/labels/label_time.h"

#include <fmt/format.h>

#include <chrono>

#include "core/base/nanoseconds.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kGreatestNs = std::int64_t{1} << 62;  // of a packet's timestamp (docs/semantics.md section 1)
constexpr std::string_view kShape = "write it as 2017-07-04T09:20:00-03:00";

// Takes text from the front; once something is missing, it stays failed.
class Scanner {
 public:
  explicit Scanner(std::string_view text) : rest_(text) {}

  // Exactly `count` digits.
  std::int64_t digits(std::size_t count) {
    std::int64_t number = 0;
    for (std::size_t i = 0; i < count; ++i) number = number * 10 + digit();
    return number;
  }
  std::int64_t digit() {
    if (!at_digit()) {
      failed_ = true;
      return 0;
    }
    const std::int64_t value = rest_.front() - '0';
    rest_.remove_prefix(1);
    return value;
  }
  void expect(std::string_view letters) {
    if (!take(letters)) failed_ = true;
  }
  bool take(std::string_view letters) {
    if (rest_.empty() || letters.find(rest_.front()) == std::string_view::npos) return false;
    rest_.remove_prefix(1);
    return true;
  }
  [[nodiscard]] bool at_digit() const { return !rest_.empty() && rest_.front() >= '0' && rest_.front() <= '9'; }
  [[nodiscard]] std::string_view rest() const { return rest_; }
  [[nodiscard]] bool failed() const { return failed_; }

 private:
  std::string_view rest_;
  bool failed_ = false;
};

// What follows a '.', as nanoseconds; at most 9 digits.
std::int64_t fraction_ns(Scanner& scanner) {
  std::int64_t scale = kNsPerSecond;
  std::int64_t ns = 0;
  do {
    scale /= 10;
    ns += scanner.digit() * scale;
  } while (scale > 1 && scanner.at_digit());
  return ns;
}

std::unexpected<std::string> refuse(std::string_view text, std::string_view what) {
  return std::unexpected(fmt::format("'{}' {}", printable(text), what));
}

std::expected<std::int64_t, std::string> in_range(std::string_view text, __int128 ns) {
  if (ns > -kGreatestNs && ns < kGreatestNs) return static_cast<std::int64_t>(ns);
  return refuse(text, "is further away than any packet can be");
}

// "1424219008", "1424219008.25"
std::expected<std::int64_t, std::string> epoch_ns(std::string_view text) {
  Scanner scanner(text);
  __int128 seconds = 0;
  for (int digits = 0; scanner.at_digit() && digits < 12; ++digits) seconds = seconds * 10 + scanner.digit();
  std::int64_t ns = 0;
  if (scanner.take(".")) ns = fraction_ns(scanner);
  if (scanner.failed() || !scanner.rest().empty()) return refuse(text, "is no time; " + std::string(kShape));
  return in_range(text, seconds * kNsPerSecond + ns);
}

bool is_epoch(std::string_view text) {
  return !text.empty() && text.find_first_not_of("0123456789.") == std::string_view::npos;
}

}  // namespace

std::expected<std::int32_t, std::string> parse_utc_offset(std::string_view text) {
  if (text == "Z" || text == "UTC") return 0;
  constexpr std::string_view kWanted = "is no offset from UTC; write it as +02:00, -03:00 or Z";
  if (text.empty() || (text.front() != '+' && text.front() != '-')) return refuse(text, kWanted);
  Scanner scanner(text.substr(1));
  const std::int64_t hours = scanner.digits(2);
  const bool has_minutes = scanner.take(":") || scanner.at_digit();
  const std::int64_t minutes = has_minutes ? scanner.digits(2) : 0;
  if (scanner.failed() || !scanner.rest().empty() || minutes > 59) return refuse(text, kWanted);
  const auto seconds = static_cast<std::int32_t>(hours * 3600 + minutes * 60);
  if (seconds > 14 * 3600) return refuse(text, "is further from UTC than any place; offsets go to 14 hours");
  return text.front() == '-' ? -seconds : seconds;
}

std::expected<std::int64_t, std::string> parse_moment_ns(std::string_view text,
                                                         std::optional<std::int32_t> zone_seconds) {
  if (is_epoch(text)) return epoch_ns(text);
  Scanner scanner(text);
  const std::int64_t year = scanner.digits(4);
  scanner.expect("-");
  const std::int64_t month = scanner.digits(2);
  scanner.expect("-");
  const std::int64_t day = scanner.digits(2);
  scanner.expect("T ");
  const std::int64_t hour = scanner.digits(2);
  scanner.expect(":");
  const std::int64_t minute = scanner.digits(2);
  std::int64_t second = 0;
  std::int64_t ns = 0;
  if (scanner.take(":")) {
    second = scanner.digits(2);
    if (scanner.take(".")) ns = fraction_ns(scanner);
  }
  if (scanner.failed()) return refuse(text, "is no time; " + std::string(kShape));
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(year)),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok()) return refuse(text, "has a day that its month does not have");
  if (hour > 23 || minute > 59 || second > 59) return refuse(text, "has a time of day that no day has");
  if (scanner.rest().empty()) {
    if (!zone_seconds)
      return refuse(text, "has no offset from UTC; end it with one, as +02:00 or Z, or give a time_zone");
  } else {
    const auto offset = parse_utc_offset(scanner.rest());
    if (!offset) return refuse(text, fmt::format("ends in what is no offset: {}", offset.error()));
    zone_seconds = *offset;
  }
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  const std::int64_t seconds = ((days * 24 + hour) * 60 + minute) * 60 + second - *zone_seconds;
  return in_range(text, static_cast<__int128>(seconds) * kNsPerSecond + ns);
}

}  // namespace flowgauge
