#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 active_idle_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/active_idle.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

using Wide = unsigned __int128;
constexpr Wide kSquareOfASecond = Wide{kSecond} * kSecond;

TestRow periods(SeriesCell active, SeriesCell idle) { return {{"active", active}, {"idle", idle}}; }

TestRow active_idle_of(std::vector<TestPacket> packets) { return row_of("active_idle", std::move(packets)); }

// Errata R1, R3: the last period is closed at the last packet, and idle are gaps alone.
TEST(ActiveIdle, PeriodsAndTheGapsBetween) {
  EXPECT_EQ(active_idle_of({forward().at(0), backward().at(kSecond), forward().at(3 * kSecond),
                            forward().at(9 * kSecond), forward().at(9 * kSecond), backward().at(20 * kSecond),
                            forward().at(20 * kSecond + kSecond / 2)}),
            periods(
                // 0 to 3 s; at 9 s, which is no time at all; 20 to 20.5 s. 3 + 0.5; 9 + 0.25
                SeriesCell{2, 3'500'000'000, 9 * kSquareOfASecond + kSquareOfASecond / 4, kSecond / 2, 3 * kSecond},
                // 9 - 3 = 6, 20 - 9 = 11: 17; 36 + 121 = 157
                SeriesCell{2, 17'000'000'000, 157 * kSquareOfASecond, 6 * kSecond, 11 * kSecond}));
}

TEST(ActiveIdle, OnePacketIsNeither) { EXPECT_EQ(active_idle_of({backward()}), periods(kNoValues, kNoValues)); }

TEST(ActiveIdle, EqualTimestampsAreNeither) {
  EXPECT_EQ(active_idle_of({forward(), backward(), forward()}), periods(kNoValues, kNoValues));
}

TEST(ActiveIdle, ANanosecondIsAPeriod) {
  EXPECT_EQ(active_idle_of({forward(), forward().at(1)}), periods(one(1), kNoValues));
}

TEST(ActiveIdle, AGapOfExactly5SecondsIsActive) {
  EXPECT_EQ(active_idle_of({forward(), forward().at(5 * kSecond)}), periods(one(5 * kSecond), kNoValues));
}

TEST(ActiveIdle, ANanosecondMoreIsIdle) {
  EXPECT_EQ(active_idle_of({forward(), forward().at(5 * kSecond + 1)}), periods(kNoValues, one(5'000'000'001)));
}

// Each direction pauses for 8 s, the flow never for more than 4.
TEST(ActiveIdle, GapsAreBetweenPacketsOfTheFlow) {
  EXPECT_EQ(active_idle_of(
                {forward().at(0), backward().at(4 * kSecond), forward().at(8 * kSecond), backward().at(12 * kSecond)}),
            periods(one(12 * kSecond), kNoValues));
}

// Semantics 3: a packet out of order moves the beginning of the period back, and no gap counts from it.
TEST(ActiveIdle, OutOfOrder) {
  EXPECT_EQ(active_idle_of({forward().at(0), forward().at(-2 * kSecond), forward().at(kSecond)}),
            periods(one(3 * kSecond), kNoValues));
  // 5 s after the greatest, 9 s after the packet before it
  EXPECT_EQ(active_idle_of({forward().at(0), forward().at(4 * kSecond), forward().at(0), forward().at(9 * kSecond)}),
            periods(one(9 * kSecond), kNoValues));
  // alone, and older: from -7 to 0
  EXPECT_EQ(active_idle_of({forward().at(0), forward().at(-7 * kSecond)}), periods(one(7 * kSecond), kNoValues));
}

// The beginning of the open period is moved back, into the gap and at most to the end of the period before: the sum of
// periods never exceeds the flow's time.
TEST(ActiveIdle, OutOfOrderInALaterPeriod) {
  EXPECT_EQ(active_idle_of({forward().at(0), forward().at(kSecond), forward().at(9 * kSecond),
                            forward().at(7 * kSecond), forward().at(10 * kSecond)}),
            // 0 to 1 s, 7 to 10 s: 1 + 3; 1 + 9. Idle from 1 to 9 s
            periods(SeriesCell{2, 4 * kSecond, 10 * kSquareOfASecond, kSecond, 3 * kSecond}, one(8 * kSecond)));
  for (const std::int64_t late_ns : {2 * kSecond, kSecond, std::int64_t{0}, -3 * kSecond})
    EXPECT_EQ(
        active_idle_of({forward().at(0), forward().at(2 * kSecond), forward().at(9 * kSecond), forward().at(late_ns)}),
        // 0 to 2 s, 2 to 9 s: 2 + 7; 4 + 49. Idle from 2 to 9 s
        periods(SeriesCell{2, 9 * kSecond, 53 * kSquareOfASecond, 2 * kSecond, 7 * kSecond}, one(7 * kSecond)));
}

TEST(ActiveIdle, LaterFragmentsAndOtherProtocolsArePackets) {
  EXPECT_EQ(active_idle_of({forward().protocol(17), forward().protocol(17).at(4 * kSecond).mark(FG_MARK_LATER_FRAGMENT),
                            forward().protocol(17).at(8 * kSecond)}),
            periods(one(8 * kSecond), kNoValues));
}

// A snapshot ends the open period for itself alone.
TEST(ActiveIdle, SnapshotsLeaveThePeriodOpen) {
  FeatureHost host(built_feature("active_idle"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(kSecond)}), FG_OK);
  EXPECT_EQ(host.row(), periods(one(kSecond), kNoValues));
  ASSERT_EQ(host.update({forward().at(2 * kSecond)}), FG_OK);
  EXPECT_EQ(host.row(), periods(one(2 * kSecond), kNoValues));
  ASSERT_EQ(host.update({forward().at(8 * kSecond)}), FG_OK);
  EXPECT_EQ(host.row(), periods(one(2 * kSecond), one(6 * kSecond)));
  ASSERT_EQ(host.update({forward().at(9 * kSecond)}), FG_OK);
  // 2 + 1; 4 + 1
  EXPECT_EQ(host.row(),
            periods(SeriesCell{2, 3 * kSecond, 5 * kSquareOfASecond, kSecond, 2 * kSecond}, one(6 * kSecond)));
}

TEST(ActiveIdle, FlowsInOneBatchDoNotMix) {
  FeatureHost host(built_feature("active_idle"));
  ASSERT_EQ(host.update({forward().of(0), forward().of(1), forward().of(0).at(kSecond),
                         backward().of(1).at(6 * kSecond), forward().of(0).at(2 * kSecond)}),
            FG_OK);
  EXPECT_THAT(host.emit(),
              testing::ElementsAre(periods(one(2 * kSecond), kNoValues), periods(kNoValues, one(6 * kSecond))));
}

// A year is 31,536,000 s: its square in ns, 9.9e32, needs 110 bits.
TEST(ActiveIdle, SquaresAreExactAbove64Bits) {
  constexpr std::int64_t year_ns = 31'536'000 * kSecond;
  EXPECT_EQ(active_idle_of({forward().at(0), forward().at(year_ns), forward().at(2 * year_ns)}),
            periods(kNoValues, SeriesCell{2, 2 * year_ns, Wide{year_ns} * year_ns * 2, year_ns, year_ns}));
}

TEST(ActiveIdle, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("active_idle"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(6 * kSecond), forward().at(7 * kSecond)}), FG_OK);
  host.state_as<::ActiveIdle>(0).ended.get()->active_count = 0xffff'ffff;  // and the open period
  EXPECT_EQ(std::get<SeriesCell>(host.row().at("active")).count, 0x1'0000'0000U);
}

}  // namespace
}  // namespace flowgauge::test
