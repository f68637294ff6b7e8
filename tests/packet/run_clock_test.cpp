// The clock of a run over capture files, reading by reading (docs/semantics.md, section 3).
#include "core/packet/run_clock.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>
#include <vector>

namespace flowgauge {
namespace {

using Times = std::vector<std::int64_t>;

constexpr std::int64_t kFirst = -(std::int64_t{1} << 62);
constexpr std::int64_t kLast = -kFirst - 1;
constexpr std::int64_t kSecond = 1'000'000'000;

struct Told {
  Times readings;
  ClockCounters counters;
};

// Readings of all packets; checks that each comes in its turn and that none runs back.
Told told(const ClockRules& rules, const Times& packets) {
  RunClock clock(rules);
  Told result;
  const auto take = [&](std::span<const std::int64_t> settled) {
    for (const std::int64_t reading : settled) {
      if (!result.readings.empty()) {
        EXPECT_GE(reading, result.readings.back());
      }
      result.readings.push_back(reading);
    }
  };
  for (std::size_t i = 0; i < packets.size(); ++i) {
    take(clock.take_in(packets[i]));
    EXPECT_EQ(result.readings.size() + clock.held(), i + 1);
    EXPECT_LE(clock.held(), 2U);
  }
  take(clock.finish());
  EXPECT_EQ(clock.held(), 0U);
  EXPECT_EQ(result.readings.size(), packets.size());
  result.counters = clock.counters();
  return result;
}

constexpr ClockRules kTen{.jump_ns = 10, .horizon_ns = 1000 * kSecond};

Times readings(const Times& packets) { return told(kTen, packets).readings; }

TEST(RunClock, IsTheGreatestTimestampSoFar) {
  EXPECT_EQ(readings({}), Times());
  EXPECT_EQ(readings({7}), Times({7}));
  EXPECT_EQ(readings({5, 9, 7, 9, 19, 12}), Times({5, 9, 9, 9, 19, 19}));
  EXPECT_EQ(told(kTen, {5, 9, 7, 9, 19, 12}).counters.older_packets, 2U);
}

// Wherever the clock says that it goes along with packets, it does what it does with each of them.
TEST(RunClock, TakesInPacketsSummedUp) {
  std::mt19937_64 random(1);
  std::size_t taken = 0;
  for (int round = 0; round < 20'000; ++round) {
    RunClock one(kTen);
    const std::size_t before = random() % 6;
    for (std::size_t i = 0; i < before; ++i) (void)one.take_in(static_cast<std::int64_t>(random() % 40));
    RunClock summed = one;
    PacketSpan span;
    Times packets;
    for (std::size_t i = 0; i < 1 + random() % 4; ++i) packets.push_back(static_cast<std::int64_t>(random() % 60));
    span.first_ns = span.least_ns = span.greatest_ns = packets.front();
    for (const std::int64_t packet : packets) {
      span.older += packet < span.greatest_ns ? 1 : 0;
      span.least_ns = std::min(span.least_ns, packet);
      span.greatest_ns = std::max(span.greatest_ns, packet);
    }
    if (!summed.goes_along(span)) continue;
    ++taken;
    const std::int64_t less_ns = summed.packet_ns() - summed.reading();
    std::int64_t greatest_ns = packets.front();
    for (const std::int64_t packet : packets) {
      greatest_ns = std::max(greatest_ns, packet);
      const auto readings = one.take_in(packet);
      ASSERT_EQ(readings.size(), 1U);
      ASSERT_EQ(readings[0], greatest_ns - less_ns);
    }
    summed.take_in(span);
    ASSERT_EQ(summed.reading(), one.reading());
    ASSERT_EQ(summed.packet_ns(), one.packet_ns());
    ASSERT_EQ(summed.counters().older_packets, one.counters().older_packets);
  }
  EXPECT_GT(taken, 500U);
}

TEST(RunClock, ExactlyTheJumpIsNotWild) {
  EXPECT_EQ(readings({0, 10, 20, 0}), Times({0, 10, 20, 20}));
  EXPECT_EQ(readings({0, 10, 10, 0, 0, 0, 0, 11}), Times({0, 10, 10, 10, 10, 10, 10, 11}));
}

TEST(RunClock, OneOrTwoAheadDoNotMoveIt) {
  EXPECT_EQ(readings({0, 11, 1}), Times({0, 0, 1}));
  EXPECT_EQ(readings({0, 100, 101, 1, 2}), Times({0, 0, 0, 1, 2}));
  EXPECT_EQ(told(kTen, {0, 100, 101, 1, 2}).counters.ahead_packets, 2U);
  EXPECT_EQ(told(kTen, {0, 100, 101, 1, 2}).counters.older_packets, 0U);
}

TEST(RunClock, ThreeAheadInARowMoveItEachToItsTime) {
  EXPECT_EQ(readings({0, 100, 101, 102, 1}), Times({0, 100, 101, 102, 102}));
  EXPECT_EQ(readings({0, 110, 100, 105, 111}), Times({0, 110, 110, 110, 111}));
  EXPECT_EQ(told(kTen, {0, 110, 100, 105, 111}).counters.ahead_packets, 0U);
}

TEST(RunClock, ThreeAheadThatAreNotNearEachOtherDoNot) {
  EXPECT_EQ(readings({0, 100, 110, 120, 1}), Times({0, 100, 110, 120, 120})) << "each is exactly the jump apart";
  EXPECT_EQ(readings({0, 100, 110, 121, 1}), Times({0, 0, 0, 0, 1}));
  EXPECT_EQ(readings({0, 100, 89, 95, 1}), Times({0, 0, 0, 0, 1})) << "below the one before, too";
  EXPECT_EQ(readings({0, 1000, 100, 101, 102}), Times({0, 0, 100, 101, 102})) << "the run begins anew";
  EXPECT_EQ(readings({0, 100, 101, 50, 51, 52}), Times({0, 0, 0, 50, 51, 52}));
}

TEST(RunClock, APacketThatIsNotAheadBreaksTheRun) {
  EXPECT_EQ(readings({0, 100, 101, 1, 102, 103, 2}), Times({0, 0, 0, 1, 1, 1, 2}));
  EXPECT_EQ(readings({50, 100, 101, 0, 102, 103, 51}), Times({50, 50, 50, 50, 50, 50, 51})) << "nor one behind";
}

TEST(RunClock, AtTheEndARunThatBeganCounts) {
  EXPECT_EQ(readings({0, 100}), Times({0, 100}));
  EXPECT_EQ(readings({0, 100, 101}), Times({0, 100, 101}));
  EXPECT_EQ(readings({0, 101, 100}), Times({0, 101, 101}));
  EXPECT_EQ(readings({0, 100, 50}), Times({0, 0, 50})) << "the first is not of the run with which the input ends";
  EXPECT_EQ(told(kTen, {0, 100, 50}).counters.ahead_packets, 1U);
}

TEST(RunClock, ItsThirdPacketIsNotBehindHoweverFarBelowTheFirst) {
  // 80 is 20 below the clock that its own run set; the two behind it then are two alone.
  EXPECT_EQ(readings({0, 100, 90, 80, 80, 80, 101}), Times({0, 100, 100, 100, 100, 100, 101}));
  EXPECT_EQ(told(kTen, {0, 100, 90, 80, 80, 80, 101}).counters.steps, 0U);
}

TEST(RunClock, AFourthOfARunIsJudgedByItself) {
  EXPECT_EQ(readings({0, 100, 110, 120, 130, 141, 121}), Times({0, 100, 110, 120, 130, 130, 130}));
}

TEST(RunClock, ThreeBehindInARowSetItBack) {
  // The reading stays; what was 91 is 100 now.
  EXPECT_EQ(readings({100, 0, 1, 2, 3, 12, 13}), Times({100, 100, 100, 100, 101, 110, 111}));
  const ClockCounters counters = told(kTen, {100, 0, 1, 2, 3, 12, 13}).counters;
  EXPECT_EQ(counters.steps, 1U);
  EXPECT_EQ(counters.older_packets, 3U);
}

TEST(RunClock, GoesBackToTheGreatestOfThree) {
  EXPECT_EQ(readings({100, 5, 60, 7, 61}), Times({100, 100, 100, 100, 101})) << "they need not be near each other";
  EXPECT_EQ(readings({100, 5, 60, 7, 8, 9, 6, 10}), Times({100, 100, 100, 100, 100, 100, 100, 101}))
      << "and the next three are judged by the new clock";
  EXPECT_EQ(told(kTen, {100, 5, 60, 7, 8, 9, 6, 10}).counters.steps, 2U);
}

TEST(RunClock, TwoBehindDoNotSetItBack) {
  EXPECT_EQ(readings({100, 0, 1, 101, 2, 3, 102}), Times({100, 100, 100, 101, 101, 101, 102}));
  EXPECT_EQ(readings({100, 0, 1, 90, 2, 3, 101}), Times({100, 100, 100, 100, 100, 100, 101})) << "90 is not behind";
  EXPECT_EQ(readings({100, 0, 1, 200, 2, 3, 101}), Times({100, 100, 100, 100, 100, 100, 101})) << "nor is 200";
  EXPECT_EQ(told(kTen, {100, 0, 1, 90, 2, 3, 101}).counters.steps, 0U);
}

TEST(RunClock, TwoClocksThatTakeTurnsGoThereAndBack) {
  const Told found = told(kTen, {100, 0, 1, 2, 100, 101, 102, 3, 4, 5, 103, 104, 105});
  EXPECT_EQ(found.readings, Times({100, 100, 100, 100, 198, 199, 200, 200, 200, 200, 298, 299, 300}));
  EXPECT_EQ(found.counters.steps, 2U);
}

TEST(RunClock, AWildFirstPacketIsPutRightByThree) {
  EXPECT_EQ(readings({1000, 0, 1, 2, 3}), Times({1000, 1000, 1000, 1000, 1001}));
  EXPECT_EQ(readings({0, 1000, 1001, 1002}), Times({0, 1000, 1001, 1002}));
}

TEST(RunClock, WithoutAJumpEveryPacketMovesIt) {
  const Told found = told({}, {0, kLast, kFirst, kFirst, kFirst, 5});
  EXPECT_EQ(found.readings, Times({0, kLast, kLast, kLast, kLast, kLast}));
  EXPECT_EQ(found.counters.older_packets, 4U);
  EXPECT_EQ(found.counters.ahead_packets + found.counters.steps, 0U);
}

TEST(RunClock, ARunMovesItByLittleMoreThanTheHorizonAndEntersTheSameSeconds) {
  const ClockRules rules{.jump_ns = 10 * kSecond, .horizon_ns = 3600 * kSecond};
  const std::int64_t far = 10'000 * kSecond + 7;
  EXPECT_EQ(told(rules, {0, far, far + 1, far + kSecond}).readings,
            Times({0, 3600 * kSecond + 7, 3600 * kSecond + 8, 3601 * kSecond + 7}));
  EXPECT_EQ(told(rules, {0, 3600 * kSecond + 999'999'999, 3601 * kSecond, 3601 * kSecond}).readings,
            Times({0, 3600 * kSecond + 999'999'999, 3601 * kSecond, 3601 * kSecond}));
  EXPECT_EQ(told(rules, {0, 3601 * kSecond, 3601 * kSecond, 3601 * kSecond}).readings,
            Times({0, 3600 * kSecond, 3600 * kSecond, 3600 * kSecond}));
}

TEST(RunClock, TheExtremesOfTimeThereAndBackAThousandTimesDoNotOverflow) {
  Times packets;
  for (int i = 0; i < 1000; ++i)
    for (const std::int64_t time : {kLast, kLast, kLast, kFirst, kFirst, kFirst}) packets.push_back(time);
  const Told found = told({.jump_ns = 600 * kSecond, .horizon_ns = 3602 * kSecond}, packets);
  EXPECT_EQ(found.counters.steps, 1000U);
  EXPECT_LE(found.readings.back(), kFurthestReadingNs);
  // Where no age is too large to matter, readings come to their end and stay there.
  EXPECT_EQ(told({.jump_ns = 1, .horizon_ns = kLast}, packets).readings.back(), kFurthestReadingNs);
  // The first age is no longer than 64 bits hold.
  packets.insert(packets.begin(), kFirst);
  EXPECT_EQ(told({.jump_ns = 1, .horizon_ns = kLast}, packets).readings.back(), kLast);
}

TEST(RunClock, StepsOfExactlyTheJumpComeToTheEndOfReadingsToo) {
  const std::int64_t jump = 1'000'000'000 * kSecond;
  Times packets = {kLast};
  for (int i = 0; i < 20; ++i)
    for (const std::int64_t time : {-2 * jump, -2 * jump, -2 * jump, -jump, std::int64_t{0}}) packets.push_back(time);
  EXPECT_EQ(told({.jump_ns = jump, .horizon_ns = jump}, packets).readings.back(), kFurthestReadingNs);
}

}  // namespace
}  // namespace flowgauge
