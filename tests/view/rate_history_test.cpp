// How fast a number grows, by hand.
#include "core/view/rate_history.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace flowgauge::test {
namespace {

using namespace std::chrono_literals;
using ::testing::ElementsAre;

TEST(RateHistory, IsOfTheLastSecond) {
  RateHistory history;
  EXPECT_EQ(history.now(), 0);
  history.add(0s, 0);
  EXPECT_EQ(history.now(), 0);
  history.add(500ms, 100);
  EXPECT_EQ(history.now(), 200);
  history.add(1500ms, 1100);  // since 0.5 s
  EXPECT_EQ(history.now(), 1000);
  history.add(2s, 1100);  // since 0.5 s still: 1.5 s would be less than a second ago
  EXPECT_DOUBLE_EQ(history.now(), 1000 / 1.5);
  history.add(2500ms, 1100);
  EXPECT_EQ(history.now(), 0);
}

TEST(RateHistory, EverySecondHasAValue) {
  RateHistory history;
  history.add(0s, 10);
  history.add(400ms, 20);
  history.add(1s, 30);
  history.add(4s, 90);  // nobody looked at 2 s and 3 s
  EXPECT_THAT(history.seconds(), ElementsAre(20, 20, 20, 20));
}

TEST(RateHistory, KeepsTheLastSeconds) {
  RateHistory history;
  for (std::uint64_t i = 0; i <= RateHistory::kSeconds + 5; ++i) history.add(std::chrono::seconds(i), i * i);
  ASSERT_EQ(history.seconds().size(), RateHistory::kSeconds);
  EXPECT_EQ(history.seconds().front(), 2 * 5 + 1);
}

TEST(Sparkline, IsOfTheGreatestThatIsShown) {
  EXPECT_EQ(sparkline({100, 8, 4, 1, 0, 0.01}, 5, Glyphs::kBlocks), "█▄▁ ▁");
  EXPECT_EQ(sparkline({8, 4, 1}, 5, Glyphs::kAscii), "  #=.");
  EXPECT_EQ(sparkline({}, 3, Glyphs::kBlocks), "   ");
  EXPECT_EQ(sparkline({0, 0}, 2, Glyphs::kBlocks), "  ");
}

TEST(ClockText, HasHoursWhereThereAreSome) {
  EXPECT_EQ(clock_text(0s), "0:00");
  EXPECT_EQ(clock_text(3'599'999ms), "59:59");
  EXPECT_EQ(clock_text(3'723s), "1:02:03");
}

TEST(ShortNumber, HasThreeDigits) {
  EXPECT_EQ(short_number(0), "0");
  EXPECT_EQ(short_number(999.4), "999");
  EXPECT_EQ(short_number(999.5), "1.00 k");
  EXPECT_EQ(short_number(12'345), "12.3 k");
  EXPECT_EQ(short_number(999'499), "999 k");
  EXPECT_EQ(short_number(999'500), "1.00 M");
  EXPECT_EQ(short_number(9.996e9), "10.0 G");
  EXPECT_EQ(short_number(5e15), "5000 T");
}

}  // namespace
}  // namespace flowgauge::test
