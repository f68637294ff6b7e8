#include "core/text/time_text.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge::expression {
namespace {

constexpr std::int64_t kNs = 1, kUs = 1'000, kMs = 1'000'000, kS = 1'000'000'000;

struct Case {
  std::int64_t time;
  std::int64_t unit_ns;
  const char* fixed;
  const char* shortest;
};

const Case kCases[] = {
    {0, kUs, "1970-01-01 00:00:00.000000 UTC", "1970-01-01 00:00:00 UTC"},
    {1, kUs, "1970-01-01 00:00:00.000001 UTC", "1970-01-01 00:00:00.000001 UTC"},
    {1'000, kUs, "1970-01-01 00:00:00.001000 UTC", "1970-01-01 00:00:00.001 UTC"},
    {120'000, kUs, "1970-01-01 00:00:00.120000 UTC", "1970-01-01 00:00:00.120 UTC"},
    {120'010, kUs, "1970-01-01 00:00:00.120010 UTC", "1970-01-01 00:00:00.120010 UTC"},
    {-1, kUs, "1969-12-31 23:59:59.999999 UTC", "1969-12-31 23:59:59.999999 UTC"},
    {-1'000'000, kUs, "1969-12-31 23:59:59.000000 UTC", "1969-12-31 23:59:59 UTC"},
    // Every unit, with a part that needs all its decimals, fewer, none.
    {0, kNs, "1970-01-01 00:00:00.000000000 UTC", "1970-01-01 00:00:00 UTC"},
    {-1, kNs, "1969-12-31 23:59:59.999999999 UTC", "1969-12-31 23:59:59.999999999 UTC"},
    {1'000, kNs, "1970-01-01 00:00:00.000001000 UTC", "1970-01-01 00:00:00.000001 UTC"},
    {500'000'000, kNs, "1970-01-01 00:00:00.500000000 UTC", "1970-01-01 00:00:00.500 UTC"},
    {500'000'010, kNs, "1970-01-01 00:00:00.500000010 UTC", "1970-01-01 00:00:00.500000010 UTC"},
    {86'400'000, kMs, "1970-01-02 00:00:00.000 UTC", "1970-01-02 00:00:00 UTC"},
    {86'400'010, kMs, "1970-01-02 00:00:00.010 UTC", "1970-01-02 00:00:00.010 UTC"},
    {-1, kS, "1969-12-31 23:59:59 UTC", "1969-12-31 23:59:59 UTC"},
    // Dates.
    {951'782'400, kS, "2000-02-29 00:00:00 UTC", "2000-02-29 00:00:00 UTC"},
    {951'868'799'999'999, kUs, "2000-02-29 23:59:59.999999 UTC", "2000-02-29 23:59:59.999999 UTC"},
    {951'868'800'000, kMs, "2000-03-01 00:00:00.000 UTC", "2000-03-01 00:00:00 UTC"},
    {4'107'542'400, kS, "2100-03-01 00:00:00 UTC", "2100-03-01 00:00:00 UTC"},  // no leap year
    {2'147'483'648, kS, "2038-01-19 03:14:08 UTC", "2038-01-19 03:14:08 UTC"},
    {4'294'967'296, kS, "2106-02-07 06:28:16 UTC", "2106-02-07 06:28:16 UTC"},
    {253'402'300'799, kS, "9999-12-31 23:59:59 UTC", "9999-12-31 23:59:59 UTC"},
    {253'402'300'800, kS, "+10000-01-01 00:00:00 UTC", "+10000-01-01 00:00:00 UTC"},
    {-62'167'219'200'000'000, kUs, "0000-01-01 00:00:00.000000 UTC", "0000-01-01 00:00:00 UTC"},
    {-62'167'219'200'000'001, kUs, "-0001-12-31 23:59:59.999999 UTC", "-0001-12-31 23:59:59.999999 UTC"},
    // The ends of 64 bits.
    {INT64_MAX, kNs, "2262-04-11 23:47:16.854775807 UTC", "2262-04-11 23:47:16.854775807 UTC"},
    {INT64_MIN, kNs, "1677-09-21 00:12:43.145224192 UTC", "1677-09-21 00:12:43.145224192 UTC"},
    {INT64_MAX, kUs, "+294247-01-10 04:00:54.775807 UTC", "+294247-01-10 04:00:54.775807 UTC"},
    {INT64_MIN, kUs, "-290308-12-21 19:59:05.224192 UTC", "-290308-12-21 19:59:05.224192 UTC"},
    {INT64_MAX, kMs, "+292278994-08-17 07:12:55.807 UTC", "+292278994-08-17 07:12:55.807 UTC"},
    {INT64_MAX, kS, "+292277026596-12-04 15:30:07 UTC", "+292277026596-12-04 15:30:07 UTC"},
    {INT64_MIN, kS, "-292277022657-01-27 08:29:52 UTC", "-292277022657-01-27 08:29:52 UTC"},
};

TEST(TimeText, Moments) {
  TimeText times;
  const auto text_of = [&times](const Case& one, TimeDecimals decimals) {
    std::string text(kTimeTextBytes + 8, '#');
    const char* const end = times.write(text.data(), one.time, one.unit_ns, decimals);
    EXPECT_EQ(text.substr(kTimeTextBytes), "########") << "beyond what it may use";
    return text.substr(0, static_cast<std::size_t>(end - text.data()));
  };
  for (const Case& one : kCases) {
    EXPECT_EQ(text_of(one, TimeDecimals::kFixed), one.fixed);
    EXPECT_EQ(text_of(one, TimeDecimals::kShortest), one.shortest);
  }
}

}  // namespace
}  // namespace flowgauge::expression
