#include "core/labels/label_time.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <vector>

namespace flowgauge {
namespace {

using testing::HasSubstr;

constexpr std::int64_t kSecond = 1'000'000'000;
// 2017-07-04 is day 17,351 of the epoch: 47 years of 365 days, 12 leap days (1972 to 2016), 184 days of 2017.
constexpr std::int64_t kFourthOfJuly = (47 * 365 + 12 + 184) * std::int64_t{86'400} * kSecond;
constexpr std::int64_t kNine20 = (9 * 60 + 20) * 60 * kSecond;

TEST(LabelTime, Moments) {
  struct Case {
    std::string text;
    std::int64_t expected_ns;
  };
  const std::vector<Case> cases = {
      {"2017-07-04T00:00:00Z", kFourthOfJuly},
      {"2017-07-04T09:20:00Z", kFourthOfJuly + kNine20},
      {"2017-07-04 09:20:00UTC", kFourthOfJuly + kNine20},
      {"2017-07-04T09:20Z", kFourthOfJuly + kNine20},
      {"2017-07-04T09:20:00-03:00", kFourthOfJuly + kNine20 + 3 * 3600 * kSecond},  // 12:20 in Greenwich
      {"2017-07-04T09:20:00+0530", kFourthOfJuly + kNine20 - (5 * 60 + 30) * 60 * kSecond},
      {"2017-07-04T09:20:00+02", kFourthOfJuly + kNine20 - 2 * 3600 * kSecond},
      {"2017-07-04T09:20:00.5Z", kFourthOfJuly + kNine20 + kSecond / 2},
      {"2017-07-04T09:20:00.000000001Z", kFourthOfJuly + kNine20 + 1},
      {"2016-02-29T23:59:59.999999999Z", kFourthOfJuly - 490 * 86'400 * kSecond - 1},
      {"1970-01-01T00:00:00Z", 0},
      {"1969-12-31T23:59:59Z", -kSecond},
      {"1424219008", 1'424'219'008 * kSecond},  // as the ground truth of UNSW-NB15 has it
      {"1424219008.25", 1'424'219'008 * kSecond + kSecond / 4},
      {"0", 0},
  };
  for (const Case& one : cases) {
    const auto moment_ns = parse_moment_ns(one.text, std::nullopt);
    ASSERT_TRUE(moment_ns) << one.text << ": " << moment_ns.error();
    EXPECT_EQ(*moment_ns, one.expected_ns) << one.text;
  }
}

TEST(LabelTime, ATimeZoneHoldsWhereATimeHasNoOffset) {
  EXPECT_EQ(parse_moment_ns("2017-07-04T09:20", -3 * 3600), kFourthOfJuly + kNine20 + 3 * 3600 * kSecond);
  EXPECT_EQ(parse_moment_ns("2017-07-04T09:20Z", -3 * 3600), kFourthOfJuly + kNine20);
  EXPECT_EQ(parse_moment_ns("100", -3 * 3600), 100 * kSecond) << "seconds since the epoch have no zone";
}

TEST(LabelTime, Refusals) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"2017-07-04T09:20", "has no offset from UTC; end it with one, as +02:00 or Z, or give a time_zone"},
      {"04.07.2017 09:20", "is no time; write it as 2017-07-04T09:20:00-03:00"},
      {"4/7/2017 9:20", "is no time"},
      {"2017-07-04", "is no time"},
      {"2017-07-04T9:20Z", "is no time"},
      {"2017-07-04T09:20:00.Z", "is no time"},
      {"2017-02-29T00:00Z", "has a day that its month does not have"},
      {"2017-13-01T00:00Z", "has a day that its month does not have"},
      {"2017-07-04T24:00Z", "has a time of day that no day has"},
      {"2016-12-31T23:59:60Z", "has a time of day that no day has"},
      {"2017-07-04T09:20 CEST", "ends in what is no offset"},
      {"2017-07-04T09:20:00.0000000001Z", "ends in what is no offset"},  // finer than a nanosecond
      {"2017-07-04T09:20+15:00", "further from UTC than any place"},
      {"2017-07-04T09:20+02:60", "is no offset"},
      {"2400-01-01T00:00Z", "is further away than any packet can be"},
      {"9999999999", "is further away than any packet can be"},
      {"999999999999999999999999999999", "is no time"},
      {"1.2.3", "is no time"},
      {"", "is no time"},
  };
  for (const auto& [text, expected] : cases) {
    const auto moment_ns = parse_moment_ns(text, std::nullopt);
    ASSERT_FALSE(moment_ns) << text;
    EXPECT_THAT(moment_ns.error(), HasSubstr(expected)) << text;
  }
}

TEST(LabelTime, Offsets) {
  EXPECT_EQ(parse_utc_offset("Z"), 0);
  EXPECT_EQ(parse_utc_offset("UTC"), 0);
  EXPECT_EQ(parse_utc_offset("+00:00"), 0);
  EXPECT_EQ(parse_utc_offset("-03:00"), -10'800);
  EXPECT_EQ(parse_utc_offset("+14:00"), 50'400);
  EXPECT_EQ(parse_utc_offset("-0330"), -12'600);
  for (const char* wrong : {"", "03:00", "+3", "+03:0", "+03:", "Europe/Berlin", "+14:01", "+03:00 "})
    EXPECT_FALSE(parse_utc_offset(wrong)) << wrong;
}

}  // namespace
}  // namespace flowgauge
