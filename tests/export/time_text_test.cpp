#include "core/export/time_text.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge {
namespace {

TEST(TimeText, moments) {
  struct Case {
    std::int64_t time_us;
    const char* text;
  };
  TimeText times;
  for (const Case& one : {
           Case{0, "1970-01-01 00:00:00 UTC"},
           Case{1, "1970-01-01 00:00:00.000001 UTC"},
           Case{1'000, "1970-01-01 00:00:00.001 UTC"},
           Case{120'000, "1970-01-01 00:00:00.120 UTC"},
           Case{120'010, "1970-01-01 00:00:00.120010 UTC"},
           Case{-1, "1969-12-31 23:59:59.999999 UTC"},
           Case{-1'000'000, "1969-12-31 23:59:59 UTC"},
           Case{951'782'400'000'000, "2000-02-29 00:00:00 UTC"},
           Case{951'868'799'999'999, "2000-02-29 23:59:59.999999 UTC"},
           Case{951'868'800'000'000, "2000-03-01 00:00:00 UTC"},
           Case{4'107'542'400'000'000, "2100-03-01 00:00:00 UTC"},  // no leap year
           Case{2'147'483'648'000'000, "2038-01-19 03:14:08 UTC"},
           Case{4'294'967'296'000'000, "2106-02-07 06:28:16 UTC"},
           Case{253'402'300'799'000'000, "9999-12-31 23:59:59 UTC"},
           Case{253'402'300'800'000'000, "+10000-01-01 00:00:00 UTC"},
           Case{-62'167'219'200'000'000, "0000-01-01 00:00:00 UTC"},
           Case{-62'167'219'200'000'001, "-0001-12-31 23:59:59.999999 UTC"},
           Case{INT64_MAX, "+294247-01-10 04:00:54.775807 UTC"},
           Case{INT64_MIN, "-290308-12-21 19:59:05.224192 UTC"},
       }) {
    std::string text(kTimeTextBytes, '#');
    text.resize(static_cast<std::size_t>(times.write(text.data(), one.time_us) - text.data()));
    EXPECT_EQ(text, one.text);
  }
}

}  // namespace
}  // namespace flowgauge
