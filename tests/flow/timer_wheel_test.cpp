#include "core/flow/timer_wheel.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace flowgauge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::UnorderedElementsAre;

constexpr std::int64_t kReach = 1024;  // seconds that the wheel has buckets for

std::vector<std::uint32_t> due(TimerWheel& wheel, std::int64_t from, std::int64_t to) {
  std::vector<std::uint32_t> records;
  wheel.advance(from, to, [&](std::uint32_t record) { records.push_back(record); });
  return records;
}

TEST(TimerWheel, RecordsAreDueWhenTheClockEntersTheirSecond) {
  TimerWheel wheel;
  wheel.arm(1, 105, 100);
  wheel.arm(2, 103, 100);
  wheel.arm(3, 105, 100);
  EXPECT_THAT(due(wheel, 100, 102), IsEmpty());
  EXPECT_THAT(due(wheel, 102, 104), ElementsAre(2));
  EXPECT_THAT(due(wheel, 104, 105), UnorderedElementsAre(1, 3));
  EXPECT_THAT(due(wheel, 105, 105 + 3 * kReach), IsEmpty());
}

TEST(TimerWheel, SecondsComeInTheirOrder) {
  TimerWheel wheel;
  wheel.arm(1, 1030, 1000);
  wheel.arm(2, 1020, 1000);  // bucket 1020: before the array's end
  wheel.arm(3, 1025, 1000);  // bucket 1: behind it
  EXPECT_THAT(due(wheel, 1000, 1100), ElementsAre(2, 3, 1));
}

TEST(TimerWheel, SecondsBeforeTheEpochHaveBucketsToo) {
  TimerWheel wheel;
  wheel.arm(1, -1, -5);
  wheel.arm(2, 1, -5);
  EXPECT_THAT(due(wheel, -5, 0), ElementsAre(1));
  EXPECT_THAT(due(wheel, 0, 1), ElementsAre(2));
}

TEST(TimerWheel, WhatIsDueAlreadyComesWithTheNextSecond) {
  TimerWheel wheel;
  wheel.arm(1, 50, 100);
  wheel.arm(2, 100, 100);
  EXPECT_THAT(due(wheel, 100, 101), UnorderedElementsAre(1, 2));
}

TEST(TimerWheel, WhatIsFurtherThanItReachesComesAtItsEnd) {
  TimerWheel wheel;
  wheel.arm(1, 100 + 5 * kReach, 100);
  EXPECT_THAT(due(wheel, 100, 100 + kReach - 2), IsEmpty());
  EXPECT_THAT(due(wheel, 100 + kReach - 2, 100 + kReach - 1), ElementsAre(1));
}

TEST(TimerWheel, AStepFurtherThanItReachesTakesEachRecordOnce) {
  TimerWheel wheel;
  for (std::uint32_t record = 0; record < 5; ++record) wheel.arm(record, 100 + record * 200, 100);
  EXPECT_THAT(due(wheel, 100, 100 + 10 * kReach), UnorderedElementsAre(0, 1, 2, 3, 4));
}

TEST(TimerWheel, ArmedAgainItHasItsNewSecondAlone) {
  TimerWheel wheel;
  wheel.arm(1, 105, 100);
  wheel.arm(1, 110, 100);
  EXPECT_THAT(due(wheel, 100, 109), IsEmpty());
  EXPECT_THAT(due(wheel, 109, 110), ElementsAre(1));
}

TEST(TimerWheel, DisarmedOnesLeaveTheirBucketWhereverTheyStand) {
  for (const std::uint32_t gone : {0U, 1U, 2U}) {  // the bucket's last, middle and first
    TimerWheel wheel;
    for (std::uint32_t record = 0; record < 3; ++record) wheel.arm(record, 105, 100);
    wheel.disarm(gone);
    wheel.disarm(gone);  // once more changes nothing
    wheel.disarm(99);    // nor does one that never was
    std::vector<std::uint32_t> expected;
    for (std::uint32_t record = 0; record < 3; ++record)
      if (record != gone) expected.push_back(record);
    EXPECT_THAT(due(wheel, 100, 105), testing::UnorderedElementsAreArray(expected)) << gone;
  }
}

TEST(TimerWheel, DueOnesMayBeArmedAgainOnTheSpot) {
  TimerWheel wheel;
  wheel.arm(1, 101, 100);
  int times = 0;
  wheel.advance(100, 101, [&](std::uint32_t record) {
    ++times;
    wheel.arm(record, 101, 101);  // 102 is the next second there is
  });
  EXPECT_EQ(times, 1);
  EXPECT_THAT(due(wheel, 101, 102), ElementsAre(1));
}

TEST(TimerWheel, AgreesWithAMapWhateverTheOrder) {
  std::mt19937 random(1);  // NOLINT(cert-msc51-cpp): the same every time
  TimerWheel wheel;
  std::map<std::uint32_t, std::int64_t> model;  // record -> second
  std::int64_t now = 0;
  for (int step = 0; step < 20'000; ++step) {
    const std::uint32_t record = random() % 50;
    switch (random() % 4) {
      case 0:
        wheel.disarm(record);
        model.erase(record);
        break;
      case 1: {
        const std::int64_t to = now + static_cast<std::int64_t>(random() % 8);
        for (const std::uint32_t taken : due(wheel, now, to)) {
          ASSERT_TRUE(model.contains(taken)) << "step " << step;
          ASSERT_LE(model[taken], to);
          model.erase(taken);
        }
        for (const auto& [left, second] : model) ASSERT_GT(second, to) << "record " << left << ", step " << step;
        now = to;
        break;
      }
      default: {
        const std::int64_t second = now + 1 + static_cast<std::int64_t>(random() % (kReach - 1));
        wheel.arm(record, second, now);
        model[record] = second;
      }
    }
  }
}

}  // namespace
}  // namespace flowgauge
