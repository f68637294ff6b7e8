#include "times.h"

#include <chrono>
#include <cmath>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <string_view>

namespace ipfix_sinks {
namespace {

constexpr std::int64_t kNsOfSecond = 1'000'000'000;
constexpr std::uint64_t kFrom1900To1970 = 2'208'988'800;  // seconds
constexpr std::uint64_t kMicrosecondsGrain = 1 << 11;

std::int64_t ns_of(std::string_view form) {
  if (form == "ns") return 1;
  if (form == "us") return 1'000;
  return form == "ms" ? 1'000'000 : kNsOfSecond;
}

// "2017-07-05 10:42:42.123456 UTC", with any number of digits behind the point, or none.
std::int64_t moment_of_text(std::string_view text) {
  int year = 0, month = 0, day = 0, hour = 0, minute = 0, second = 0, read = 0;
  const std::string copy(text);
  const int count =
      std::sscanf(copy.c_str(), "%4d-%2d-%2d %2d:%2d:%2d%n", &year, &month, &day, &hour, &minute, &second, &read);
  if (count != 6 || !text.ends_with(" UTC")) throw std::runtime_error("'" + copy + "' is no time");
  std::int64_t fraction = 0;
  std::int64_t grain = kNsOfSecond;
  for (std::size_t i = static_cast<std::size_t>(read) + 1; i < copy.size() && copy[i] != ' ' && grain > 1; ++i) {
    grain /= 10;
    fraction += (copy[i] - '0') * grain;
  }
  const std::chrono::sys_days date{std::chrono::year(year) / month / day};
  const std::int64_t seconds =
      std::chrono::sys_seconds(date).time_since_epoch().count() + hour * 3600 + minute * 60 + second;
  return seconds * kNsOfSecond + fraction;
}

// The fraction of a second that ends it, of 2^32, in steps of `grain`.
std::uint64_t fraction_of(std::int64_t ns, std::uint64_t grain) {
  const std::uint64_t exact = ((static_cast<std::uint64_t>(ns) << 32) + kNsOfSecond - 1) / kNsOfSecond;
  return (exact + grain - 1) / grain * grain;
}

}  // namespace

std::int64_t moment_ns(const Column& column, const fg::BatchColumn& cells, std::int64_t row) {
  switch (cells.type()) {
    case FG_STRING:
      return moment_of_text(cells.text(row));
    case FG_F64:  // has room for microseconds of our times, and for no more
      return std::llround(cells.f64(row) * (static_cast<double>(ns_of(column.time)) / 1'000)) * 1'000;
    case FG_U64:
      return static_cast<std::int64_t>(cells.u64(row)) * ns_of(column.time);
    default:
      return cells.i64(row) * ns_of(column.time);
  }
}

std::uint64_t ipfix_time(std::int64_t ns, TimeUnit unit) {
  std::int64_t seconds = ns / kNsOfSecond;
  std::int64_t rest = ns % kNsOfSecond;
  if (rest < 0) {
    rest += kNsOfSecond;
    --seconds;
  }
  if (unit == TimeUnit::kMilliseconds) return static_cast<std::uint64_t>(seconds * 1'000 + rest / 1'000'000);
  const std::uint64_t whole = (static_cast<std::uint64_t>(seconds) + kFrom1900To1970) << 32;
  if (unit == TimeUnit::kNanoseconds) return whole + fraction_of(rest, 1);
  return whole + fraction_of(rest / 1'000 * 1'000, kMicrosecondsGrain);
}

}  // namespace ipfix_sinks
