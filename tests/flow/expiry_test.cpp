// Timeouts and their boundaries: more than T after, in either of two times (docs/semantics.md, section 3).
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

TEST(Expiry, ExactlyTheIdleTimeoutContinuesTheFlow) {
  EXPECT_EQ(rows_of({}, {forth().at(0), forth().at(120_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+120s 2/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, OneNanosecondMoreThanTheIdleTimeoutSplits) {
  EXPECT_EQ(rows_of({}, {forth().at(0), forth().at(120_s + 1)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+0ns 1/0 idle_timeout not_applicable first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:53 120000000001ns+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, TheIdleTimeoutCountsFromTheLastPacket) {
  EXPECT_EQ(rows_of({}, {forth().at(0), forth().at(100_s), forth().at(220_s), forth().at(341_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+220s 3/0 idle_timeout not_applicable first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:53 341s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, ExactlyTheActiveTimeoutKeepsThePacketOneNanosecondMoreDoesNot) {
  const LifeCycle rules{.active_timeout_ns = 60_s};
  EXPECT_EQ(rows_of(rules, {forth().at(0), forth().at(30_s), forth().at(60_s), forth().at(60_s + 1)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+60s 3/0 active_timeout not_applicable first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:53 60000000001ns+0ns 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(Expiry, ZeroMeansNever) {
  const LifeCycle rules{.idle_timeout_ns = 0, .active_timeout_ns = 0};
  EXPECT_EQ(rows_of(rules, {forth().at(0), forth().at(1'000'000_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+1000000s 2/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, TheDeadlineThatPassedFirstDecides) {
  // Idle passes at 50 + 120 = 170 s, active at 0 + 180 s: at 200 s both have.
  const LifeCycle idle_first{.active_timeout_ns = 180_s};
  EXPECT_EQ(rows_of(idle_first, {forth().at(0), forth().at(50_s), other().at(200_s)}).front(),
            "10.0.0.1:1000>10.0.0.2:53 0ns+50s 2/0 idle_timeout not_applicable first_packet seg0");
  // Active at 160 s, idle still at 170 s.
  const LifeCycle active_first{.active_timeout_ns = 160_s};
  EXPECT_EQ(rows_of(active_first, {forth().at(0), forth().at(50_s), other().at(200_s)}).front(),
            "10.0.0.1:1000>10.0.0.2:53 0ns+50s 2/0 active_timeout not_applicable first_packet seg0");
}

TEST(Expiry, AtATieActiveDecides) {
  const LifeCycle rules{.active_timeout_ns = 170_s};  // 50 + 120
  EXPECT_EQ(rows_of(rules, {forth().at(0), forth().at(50_s), forth().at(200_s)}).front(),
            "10.0.0.1:1000>10.0.0.2:53 0ns+50s 2/0 active_timeout not_applicable first_packet seg0");
}

TEST(Expiry, TheSweepAndTheNextPacketGiveTheSameReason) {
  // 170.5 s is past the deadline, but in its second: nothing sweeps. The end of input finds it.
  EXPECT_EQ(rows_of({}, {forth().at(50_s), other().at(170_s + 500_ms)}).front(),
            "10.0.0.1:1000>10.0.0.2:53 50s+0ns 1/0 idle_timeout not_applicable first_packet seg0");
  // 171 s is the next whole second: the sweep finds it.
  EXPECT_EQ(rows_of({}, {forth().at(50_s), other().at(171_s)}).front(),
            "10.0.0.1:1000>10.0.0.2:53 50s+0ns 1/0 idle_timeout not_applicable first_packet seg0");
}

TEST(Expiry, AFlowWhoseDeadlineTheClockHasNotPassedIsForcedToEnd) {
  EXPECT_EQ(rows_of({}, {forth().at(0), other().at(120_s)}).front(),
            "10.0.0.1:1000>10.0.0.2:53 0ns+0ns 1/0 forced_end not_applicable first_packet seg0");
}

TEST(Expiry, TimestampsThatRunBackSplitALateFilesFlows) {
  // A second file from earlier: its packets lie 130 s apart, though the clock stands still.
  EXPECT_EQ(rows_of({}, {other().at(10'000_s), forth().at(0), forth().at(130_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+0ns 1/0 idle_timeout not_applicable first_packet seg0",
                  "10.0.0.7:7>10.0.0.8:8 10000s+0ns 1/0 forced_end not_applicable first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:53 130s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, TheClockNeverKillsALateFilesFlows) {
  EXPECT_EQ(rows_of({}, {other().at(10'000_s), forth().at(0), forth().at(1_s), forth().at(2_s)}).back(),
            "10.0.0.1:1000>10.0.0.2:53 0ns+2s 3/0 forced_end not_applicable first_packet seg0");
}

TEST(Expiry, TheClockMovingOnEndsALateFlowToo) {
  EXPECT_EQ(
      rows_of({}, {other().at(10'000_s), forth().at(0), other().at(10'100_s), other().at(10'121_s), forth().at(1_s)}),
      Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+0ns 1/0 idle_timeout not_applicable first_packet seg0",
            "10.0.0.7:7>10.0.0.8:8 10000s+121s 3/0 forced_end not_applicable first_packet seg0",
            "10.0.0.1:1000>10.0.0.2:53 1s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, OutOfOrderPacketsMoveTheFirstSeenBackAndExpireNothing) {
  EXPECT_EQ(rows_of({}, {forth().at(1000_s), back().at(900_s), forth().at(1001_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 900s+101s 2/1 forced_end not_applicable first_packet seg0 ooo=1"}));
}

TEST(Expiry, AFirstSeenThatMovedBackCountsForTheActiveTimeout) {
  const LifeCycle rules{.idle_timeout_ns = 0, .active_timeout_ns = 600_s};
  EXPECT_EQ(rows_of(rules, {forth().at(1000_s), back().at(500_s), forth().at(1100_s + 1)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 500s+500s 1/1 active_timeout not_applicable first_packet seg0 ooo=1",
                  "10.0.0.1:1000>10.0.0.2:53 1100000000001ns+0ns 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(Expiry, EqualTimestampsAreInOrder) {
  EXPECT_EQ(rows_of({}, {forth().at(5_s), back().at(5_s), forth().at(5_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 5s+0ns 2/1 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, TheExtremesOfTimeDoNotOverflow) {
  constexpr std::int64_t kFirst = -(std::int64_t{1} << 62);
  constexpr std::int64_t kLast = -kFirst - 1;
  EXPECT_EQ(rows_of({.idle_timeout_ns = 0, .active_timeout_ns = 0}, {forth().at(kFirst), other().at(kLast)}).size(),
            2U);
  EXPECT_EQ(
      rows_of({}, {forth().at(kFirst), forth().at(kLast)}),
      Rows({"10.0.0.1:1000>10.0.0.2:53 -4611686018427387904ns+0ns 1/0 idle_timeout not_applicable first_packet seg0",
            "10.0.0.1:1000>10.0.0.2:53 4611686018427387903ns+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(Expiry, BeforeTheEpochSecondsRoundDown) {
  // Deadline -0.5 s + 120 s = 119.5 s; the next whole second is 120 s.
  EXPECT_EQ(
      releases_of({}, {forth().at(-500_ms), other().at(119_s + 900_ms), other().at(120_s)}).front(),
      "frame 2 sweep 119500ms: 10.0.0.1:1000>10.0.0.2:53 -500ms+0ns 1/0 idle_timeout not_applicable first_packet seg0");
}

}  // namespace
}  // namespace flowgauge::test
