// Stamps of the kernel program as wall clock times, also while somebody sets the clocks.
#include "core/live/live_clock.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

constexpr std::int64_t kSecond = 1'000'000'000;
constexpr std::int64_t kWall = 1'700'000'000 * kSecond;  // real time less boot time
constexpr std::int64_t kLeap = 37 * kSecond;

ClockSample tai_at(std::int64_t boot_ns, std::int64_t set_ns = 0, std::int64_t leap_ns = kLeap) {
  return {boot_ns, kWall + set_ns, kWall + set_ns + leap_ns};
}
ClockSample wall_at(std::int64_t boot_ns, std::int64_t set_ns = 0) { return {boot_ns, kWall + set_ns, kWall + set_ns}; }
ClockSample boot_at(std::int64_t boot_ns, std::int64_t set_ns = 0) { return {boot_ns, kWall + set_ns, 0}; }

TEST(LiveClock, TurnsTaiIntoWallClockTime) {
  const LiveClock clock(CaptureClock::kTai, tai_at(0));
  EXPECT_EQ(clock.wall_ns(kWall + kLeap + 123), kWall + 123);
}

TEST(LiveClock, TurnsBoottimeIntoWallClockTime) {
  const LiveClock clock(CaptureClock::kBoottime, boot_at(0));
  EXPECT_EQ(clock.wall_ns(5 * kSecond + 7), kWall + 5 * kSecond + 7);
  EXPECT_EQ(clock.wall_of_boot_ns(9), kWall + 9);
}

TEST(LiveClock, ReadingErrorsOfTheSamplesDoNotShowInGaps) {
  for (const CaptureClock kind : {CaptureClock::kTai, CaptureClock::kBoottime}) {
    const auto at = [kind](std::int64_t boot_ns, std::int64_t error_ns) {
      return kind == CaptureClock::kTai ? tai_at(boot_ns, error_ns, kLeap - error_ns) : boot_at(boot_ns, error_ns);
    };
    LiveClock clock(kind, at(0, 0));
    const std::int64_t before = clock.wall_ns(kSecond);
    EXPECT_EQ(clock.update(at(kSecond, 900)), 0);
    EXPECT_EQ(clock.update(at(2 * kSecond, -900)), 0);
    EXPECT_EQ(clock.wall_ns(kSecond), before);
  }
}

TEST(LiveClock, StepMovesStampsFromBeforeAndNotThoseFromAfter) {
  for (const std::int64_t step_ns : {3600 * kSecond, -3600 * kSecond, 2 * kSecond, -2 * kSecond}) {
    LiveClock clock(CaptureClock::kTai, tai_at(0));
    EXPECT_EQ(clock.update(tai_at(10 * kSecond, step_ns)), step_ns);
    const std::int64_t taken_before = kWall + kLeap + 10 * kSecond - 5'000'000;
    const std::int64_t taken_after = kWall + kLeap + step_ns + 10 * kSecond - 1'000'000;
    EXPECT_EQ(clock.wall_ns(taken_before), kWall + step_ns + 10 * kSecond - 5'000'000) << step_ns;
    EXPECT_EQ(clock.wall_ns(taken_after), kWall + step_ns + 10 * kSecond - 1'000'000) << step_ns;
    EXPECT_EQ(clock.wall_of_boot_ns(10 * kSecond), kWall + step_ns + 10 * kSecond);
    // It is told once, and stamps from before it still move for a while.
    EXPECT_EQ(clock.update(tai_at(10 * kSecond + kSecond / 2, step_ns)), 0);
    EXPECT_EQ(clock.wall_ns(taken_before), kWall + step_ns + 10 * kSecond - 5'000'000) << step_ns;
    // Then they are taken as they are.
    EXPECT_EQ(clock.update(tai_at(12 * kSecond, step_ns)), 0);
    EXPECT_EQ(clock.wall_ns(taken_before), taken_before - kLeap) << step_ns;
  }
}

TEST(LiveClock, StepWithBoottimeStampsMovesAllThatAreStillToCome) {
  LiveClock clock(CaptureClock::kBoottime, boot_at(0));
  EXPECT_EQ(clock.update(boot_at(10 * kSecond, -60 * kSecond)), -60 * kSecond);
  EXPECT_EQ(clock.wall_ns(9 * kSecond), kWall - 51 * kSecond);
  EXPECT_EQ(clock.update(boot_at(11 * kSecond, -60 * kSecond)), 0);
}

TEST(LiveClock, StepMovesWallClockStampsFromBefore) {
  for (const std::int64_t step_ns : {3600 * kSecond, -3600 * kSecond, kSecond + 2, -kSecond - 2}) {
    LiveClock clock(CaptureClock::kWall, wall_at(0));
    const std::int64_t before = kWall + 10 * kSecond - kSecond / 5;
    EXPECT_EQ(clock.wall_ns(before), before);
    EXPECT_EQ(clock.update(wall_at(10 * kSecond, step_ns)), step_ns);
    EXPECT_EQ(clock.wall_ns(before), before + step_ns);
    const std::int64_t behind = kWall + step_ns + 10 * kSecond - kSecond / 10;
    EXPECT_EQ(clock.wall_ns(behind), behind);
    const std::int64_t late = before + kSecond;  // fresh, and yet of the old time
    EXPECT_EQ(clock.update(wall_at(11 * kSecond, step_ns)), 0);
    EXPECT_EQ(clock.wall_ns(late), late + step_ns) << "a second later, still";
    EXPECT_EQ(clock.update(wall_at(11 * kSecond + 1, step_ns)), 0);
    EXPECT_EQ(clock.wall_ns(before), before) << "later, no packet is from before";
  }
}

TEST(LiveClock, DriftNeverAddsUpToAStep) {
  LiveClock clock(CaptureClock::kWall, wall_at(0));
  for (int i = 1; i <= 1000; ++i) EXPECT_EQ(clock.update(wall_at(i * kSecond, i * (kSecond / 100))), 0) << i;
  EXPECT_EQ(step_message(-2 * kSecond), "the wall clock was set by -2.000 s; the times of all flows move with it");
}

TEST(LiveClock, SmallStepsAreTimeThatGoesOn) {
  LiveClock clock(CaptureClock::kTai, tai_at(0));
  std::int64_t set_ns = 0;
  for (int round = 1; round <= 5; ++round) {
    set_ns += 900'000'000;  // together far more than a second
    EXPECT_EQ(clock.update(tai_at(round * kSecond, set_ns)), 0);
    EXPECT_EQ(clock.wall_of_boot_ns(0), kWall + set_ns);
  }
  EXPECT_EQ(clock.update(tai_at(6 * kSecond, set_ns + kSecond)), 0);  // not more than a second
  EXPECT_EQ(clock.update(tai_at(7 * kSecond, set_ns + 2 * kSecond + 2'000'000)), kSecond + 2'000'000);
}

TEST(LiveClock, LearningOfLeapSecondsIsNoStep) {
  LiveClock clock(CaptureClock::kTai, tai_at(0, 0, 0));  // before the time service says how many there are
  EXPECT_EQ(clock.update(tai_at(kSecond, 0, kLeap)), 0);
  EXPECT_EQ(clock.wall_ns(kWall + kSecond - 1000), kWall + kSecond - 1000) << "from before";
  EXPECT_EQ(clock.wall_ns(kWall + kLeap + kSecond - 1000), kWall + kSecond - 1000) << "from after";
}

TEST(LiveClock, SamplesAreOfTheClocks) {
  const ClockSample tai = sample_clocks(CaptureClock::kTai);
  const ClockSample boot = sample_clocks(CaptureClock::kBoottime);
  EXPECT_EQ(boot.capture_minus_boot_ns, 0);
  EXPECT_GE(boot.boot_ns, tai.boot_ns);
  EXPECT_NEAR(static_cast<double>(tai.real_minus_boot_ns), static_cast<double>(boot.real_minus_boot_ns), 1e8);
  EXPECT_NE(tai.capture_minus_boot_ns, 0);
}

}  // namespace
}  // namespace flowgauge
