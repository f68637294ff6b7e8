// Steps of the wall clock are told from drift, and packets from before a step from those behind it.
#include "core/live/wall_clock.h"

#include <gtest/gtest.h>

namespace flowgauge::test {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kMillisecond = 1'000'000;
constexpr std::int64_t kStart = 1'700'000'000 * kSecond;

// `after` since the start, with the wall clock ahead of where it should be.
WallClock::Reading reading(std::int64_t after, std::int64_t ahead = 0) { return {kStart + after + ahead, after}; }

TEST(WallClock, TimeThatGoesByIsNoStep) {
  WallClock clock(reading(0));
  EXPECT_EQ(clock.step_until(reading(1)), 0);
  EXPECT_EQ(clock.step_until(reading(3600 * kSecond)), 0);
}

TEST(WallClock, AStepIsToldOnceInBothDirections) {
  WallClock clock(reading(0));
  EXPECT_EQ(clock.step_until(reading(kSecond, 3600 * kSecond)), 3600 * kSecond);
  EXPECT_EQ(clock.step_until(reading(2 * kSecond, 3600 * kSecond)), 0);
  EXPECT_EQ(clock.step_until(reading(3 * kSecond, -5 * kSecond)), -3605 * kSecond);
}

TEST(WallClock, OneSecondIsDriftAndMoreIsAStep) {
  WallClock clock(reading(0));
  EXPECT_EQ(clock.step_until(reading(0, kSecond)), 0);
  EXPECT_EQ(clock.step_until(reading(0, 2 * kSecond + 1)), kSecond + 1);
}

TEST(WallClock, DriftNeverAddsUpToAStep) {
  WallClock clock(reading(0));
  for (int i = 1; i <= 1000; ++i) EXPECT_EQ(clock.step_until(reading(i * kSecond, i * 10 * kMillisecond)), 0) << i;
}

TEST(WallClock, WithoutAStepEveryTimeStands) {
  WallClock clock(reading(0));
  EXPECT_EQ(clock.step_until(reading(kSecond)), 0);
  EXPECT_EQ(clock.corrected(kStart - 3600 * kSecond, reading(kSecond)), kStart - 3600 * kSecond);
}

TEST(WallClock, PacketsFromBeforeAStepMoveWithIt) {
  for (const std::int64_t step : {3600 * kSecond, -3600 * kSecond, kSecond + 1, -kSecond - 1}) {
    WallClock clock(reading(0));
    const WallClock::Reading now = reading(10 * kSecond, step);
    EXPECT_EQ(clock.step_until(now), step);
    const std::int64_t before = kStart + 10 * kSecond - 200 * kMillisecond;
    const std::int64_t behind = now.realtime_ns - 100 * kMillisecond;
    EXPECT_EQ(clock.corrected(before, now), before + step) << step;
    EXPECT_EQ(clock.corrected(behind, now), behind) << step;
  }
}

TEST(WallClock, ASecondLaterNoPacketIsFromBefore) {
  WallClock clock(reading(0));
  EXPECT_NE(clock.step_until(reading(0, 60 * kSecond)), 0);
  const std::int64_t before = kStart;
  EXPECT_EQ(clock.corrected(before, reading(kSecond, 60 * kSecond)), before + 60 * kSecond);
  EXPECT_EQ(clock.corrected(before, reading(kSecond + 1, 60 * kSecond)), before);
}

}  // namespace
}  // namespace flowgauge::test
