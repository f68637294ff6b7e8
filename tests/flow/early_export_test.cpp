// Snapshots of flows that live on: one for each passing of multiples of T, as of the last packet before.
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

constexpr LifeCycle kEvery10s{.early_export_ns = 10_s};

Rows first_flow(const Rows& rows) {
  Rows result;
  for (const std::string& row : rows)
    if (row.starts_with("10.0.0.1:")) result.push_back(row.substr(row.find(' ') + 1));
  return result;
}

TEST(EarlyExport, APacketThatPassesAMultipleIsNotInTheSnapshot) {
  EXPECT_EQ(first_flow(rows_of(kEvery10s, {forth().at(0), forth().at(10_s), forth().at(10_s + 1)})),
            Rows({"0ns+10s 2/0 live not_applicable first_packet seg0 snapshot",
                  "0ns+10000000001ns 3/0 forced_end not_applicable first_packet seg0"}));
}

TEST(EarlyExport, ExactlyAMultipleIsNotPast) {
  EXPECT_EQ(first_flow(rows_of(kEvery10s, {forth().at(0), forth().at(10_s)})),
            Rows({"0ns+10s 2/0 forced_end not_applicable first_packet seg0"}));
}

TEST(EarlyExport, SeveralMultiplesAtOnceGiveOneSnapshot) {
  EXPECT_EQ(first_flow(rows_of(kEvery10s, {forth().at(0), forth().at(35_s), forth().at(39_s), forth().at(41_s)})),
            Rows({"0ns+0ns 1/0 live not_applicable first_packet seg0 snapshot",
                  "0ns+39s 3/0 live not_applicable first_packet seg0 snapshot",
                  "0ns+41s 4/0 forced_end not_applicable first_packet seg0"}));
}

TEST(EarlyExport, OtherPacketsMoveTheClockPastAMultiple) {
  EXPECT_EQ(
      releases_of(kEvery10s, {forth().at(0), forth().at(4_s), other().at(10_s), other().at(10_s + 1), other().at(12_s)})
          .front(),
      "frame 3 snapshot 10s: 10.0.0.1:1000>10.0.0.2:53 0ns+4s 2/0 live not_applicable first_packet seg0 snapshot");
}

TEST(EarlyExport, NoneAfterADeadline) {
  // The clock goes from 0 to 500 s at once: the idle deadline at 120 s is past, and so is every multiple.
  EXPECT_EQ(first_flow(rows_of(kEvery10s, {forth().at(0), other().at(500_s)})),
            Rows({"0ns+0ns 1/0 idle_timeout not_applicable first_packet seg0"}));
  // Past the deadline, but the sweep's second has not come.
  EXPECT_EQ(first_flow(rows_of(kEvery10s, {forth().at(0), other().at(120_s + 1)})),
            Rows({"0ns+0ns 1/0 idle_timeout not_applicable first_packet seg0"}));
}

TEST(EarlyExport, NoneInLinger) {
  const auto reset = event().tcp("10.0.0.1", 1000, "10.0.0.2", 80).flags("R");
  const LifeCycle every_second{.early_export_ns = 1_s};
  EXPECT_EQ(
      first_flow(rows_of(every_second, {EventBuilder(reset).at(0), other().at(3_s), EventBuilder(reset).at(4_s)})),
      Rows({"0ns+4s 2/0 rst reset first_packet seg0 reset_before_hs"}));
}

TEST(EarlyExport, APacketThatEndsTheFlowGivesNoSnapshot) {
  const LifeCycle rules{.active_timeout_ns = 25_s, .early_export_ns = 10_s};
  EXPECT_EQ(first_flow(rows_of(rules, {forth().at(0), forth().at(30_s)})),
            Rows({"0ns+0ns 1/0 active_timeout not_applicable first_packet seg0",
                  "30s+0ns 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(EarlyExport, ByTheFlowsOwnTimeWhereTheClockStandsStill) {
  EXPECT_EQ(first_flow(rows_of(
                kEvery10s, {other().at(10'000_s), forth().at(0), forth().at(9_s), forth().at(11_s), forth().at(12_s)})),
            Rows({"0ns+9s 2/0 live not_applicable first_packet seg0 snapshot",
                  "0ns+12s 4/0 forced_end not_applicable first_packet seg0"}));
}

TEST(EarlyExport, EachMultipleCountsOnceWhicheverTimePassesIt) {
  // Own time passes 10 s at frame 2; the clock does at frame 3: no second snapshot. Both pass 20 s later.
  EXPECT_EQ(first_flow(rows_of(
                kEvery10s, {other().at(100_s), forth().at(0), forth().at(11_s), other().at(111_s), other().at(121_s)})),
            Rows({"0ns+0ns 1/0 live not_applicable first_packet seg0 snapshot",
                  "0ns+11s 2/0 live not_applicable first_packet seg0 snapshot",
                  "0ns+11s 2/0 forced_end not_applicable first_packet seg0"}));
}

TEST(EarlyExport, OwnTimeFurtherThanTheClockCanEverGetEndsTheClocksSnapshots) {
  constexpr std::int64_t kFirst = -(std::int64_t{1} << 62);
  constexpr std::int64_t kLast = -kFirst - 1;
  const LifeCycle rules{.idle_timeout_ns = 0, .active_timeout_ns = 0, .early_export_ns = 60_s};
  const std::int64_t now = kLast - 100_s;
  // The late packet moves the beginning back: the next one passes all multiples up to its own age, 2^63 ns or so.
  EXPECT_EQ(rows_of(rules, {forth().at(now), forth().at(kFirst), forth().at(now + 1), other().at(now + 90_s),
                            other().at(kLast)})
                .size(),
            3U);
}

}  // namespace
}  // namespace flowgauge::test
