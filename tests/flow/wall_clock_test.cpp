// What a live lane's clock does where no packet comes, and when the wall clock is set (docs/semantics.md, section 3).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include "core/flow/flow_key.h"
#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

EventBuilder reset() { return event().tcp("10.0.0.1", 1000, "10.0.0.2", 80).flags("R"); }

const std::string kLiveFlow = "10.0.0.1:1000>10.0.0.2:53 ";

Rows live(const LifeCycle& rules, const std::vector<LiveBlock>& blocks) { return releases_of(rules, blocks); }

TEST(WallClock, AQuietWireEndsItsFlows) {
  EXPECT_EQ(live({}, {{{forth().at(5_s)}, 5_s}, {{}, 125_s}, {{}, 126_s}, {{other().at(200_s)}}}),
            Rows({"frame 1 sweep 125s: " + kLiveFlow + "5s+0ns 1/0 idle_timeout not_applicable first_packet seg0",
                  "end: 10.0.0.7:7>10.0.0.8:8 200s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(WallClock, NothingEndsBeforeTheSecondBehindItsDeadline) {
  EXPECT_EQ(live({}, {{{forth().at(5_s)}, 5_s}, {{}, 125_s}}),
            Rows({"end: " + kLiveFlow + "5s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
  EXPECT_EQ(live({}, {{{forth().at(5_s)}, 5_s}, {{}, 125_s + 999_ms}}),
            Rows({"end: " + kLiveFlow + "5s+0ns 1/0 idle_timeout not_applicable first_packet seg0"}))
      << "the end of the run finds it";
}

TEST(WallClock, ComesBehindTheEventsOfItsBlock) {
  // The second packet arrives in time, though the clock behind it is past the first one's deadline.
  EXPECT_EQ(live({}, {{{forth().at(0)}, 0}, {{back().at(119_s)}, 130_s}}),
            Rows({"end: " + kLiveFlow + "0ns+119s 1/1 forced_end not_applicable first_packet seg0"}));
}

TEST(WallClock, OfABlockWithEventsSweepsToo) {
  EXPECT_EQ(live({}, {{{forth().at(0)}}, {{other().at(1_s)}, 121_s}}),
            Rows({"frame 2 sweep 120s: " + kLiveFlow + "0ns+0ns 1/0 idle_timeout not_applicable first_packet seg0",
                  "end: 10.0.0.7:7>10.0.0.8:8 1s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

TEST(WallClock, NeverRunsBack) {
  EXPECT_EQ(live({}, {{{forth().at(100_s)}, 100_s}, {{}, 20_s}, {{forth().at(101_s)}, 99_s}}),
            Rows({"end: " + kLiveFlow + "100s+1s 2/0 forced_end not_applicable first_packet seg0"}));
}

TEST(WallClock, MayBeThereBeforeTheFirstPacket) {
  // Packets come 100 ms ahead of it or so; one may also be behind it.
  EXPECT_EQ(live({}, {{{}, 1000_s}, {{forth().at(999_s)}, 1000_s}, {{}, 1120_s}, {{}, 1121_s}}),
            Rows({"frame 1 sweep 1120s: " + kLiveFlow + "999s+0ns 1/0 idle_timeout not_applicable first_packet seg0"}));
}

TEST(WallClock, EndsLingering) {
  EXPECT_EQ(
      live({}, {{{reset().at(0)}, 0}, {{}, 5_s}, {{}, 6_s}}),
      Rows({"frame 1 sweep 5s: 10.0.0.1:1000>10.0.0.2:80 0ns+0ns 1/0 rst reset first_packet seg0 reset_before_hs"}));
}

TEST(WallClock, TakesSnapshotsOfAQuietFlow) {
  EXPECT_EQ(live({.early_export_ns = 10_s}, {{{forth().at(0)}, 0}, {{}, 10_s}, {{}, 10_s + 1}, {{}, 25_s}}),
            Rows({"frame 1 snapshot 10s: " + kLiveFlow + "0ns+0ns 1/0 live not_applicable first_packet seg0 snapshot",
                  "frame 1 snapshot 20s: " + kLiveFlow + "0ns+0ns 1/0 live not_applicable first_packet seg0 snapshot",
                  "end: " + kLiveFlow + "0ns+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

// ---------------------------------------------------------------- steps of the wall clock

constexpr std::int64_t kBase = 200'000'000_s;  // the step may go back

class SteppedBy : public testing::TestWithParam<std::int64_t> {
 protected:
  // `time` past the base, as the clock counts behind the step.
  static std::int64_t after_step(std::int64_t time) { return GetParam() + kBase + time; }
};
INSTANTIATE_TEST_SUITE_P(Steps, SteppedBy,
                         testing::Values(3600_s, -3600_s, 1_s + 1, 1'500_ms, -(2_s + 700_ms), 100'000'000_s));

std::string flow_from(std::int64_t first_ns, std::string_view rest) {
  return fmt::format("{}{}+{}", kLiveFlow, time_text(first_ns), rest);
}

TEST_P(SteppedBy, DeadlinesMoveWithIt) {
  const std::int64_t step = GetParam();
  const std::vector<LiveBlock> quiet = {{{forth().at(kBase)}, kBase + 100_s}, {{}, after_step(119_s), step}};
  // Idle for 100 s before the step and 20 s behind it: the deadline has come, and is not past.
  auto in_time = quiet;
  in_time.push_back({{back().at(after_step(120_s))}});
  EXPECT_EQ(live({}, in_time),
            Rows({"end: " + flow_from(after_step(0), "120s 1/1 forced_end not_applicable first_packet seg0")}));
  auto too_late = quiet;
  too_late.push_back({{back().at(after_step(120_s) + 1)}});
  EXPECT_EQ(live({}, too_late).size(), 2U);
  auto swept = quiet;
  swept.push_back({{}, after_step(121_s + 999_ms)});
  EXPECT_EQ(live({}, swept), Rows({"frame 1 sweep " + time_text(after_step(120_s)) + ": " +
                                   flow_from(after_step(0), "0ns 1/0 idle_timeout not_applicable first_packet seg0")}));
}

TEST_P(SteppedBy, ComesBeforeTheEventsOfItsBlock) {
  EXPECT_EQ(live({}, {{{forth().at(kBase)}}, {{back().at(after_step(1_s))}, kNoClock, GetParam()}}),
            Rows({"end: " + flow_from(after_step(0), "1s 1/1 forced_end not_applicable first_packet seg0")}));
}

TEST_P(SteppedBy, TheActiveTimeoutAndLingerMoveToo) {
  EXPECT_EQ(live({.active_timeout_ns = 60_s},
                 {{{forth().at(kBase)}, kBase + 59_s}, {{}, after_step(60_s), GetParam()}, {{}, after_step(62_s)}}),
            Rows({"frame 1 sweep " + time_text(after_step(60_s)) + ": " +
                  flow_from(after_step(0), "0ns 1/0 active_timeout not_applicable first_packet seg0")}));
  EXPECT_EQ(
      live({}, {{{reset().at(kBase)}, kBase}, {{}, after_step(5_s), GetParam()}, {{}, after_step(7_s)}}).front(),
      fmt::format("frame 1 sweep {}: 10.0.0.1:1000>10.0.0.2:80 {}+0ns 1/0 rst reset first_packet seg0 reset_before_hs",
                  time_text(after_step(5_s)), time_text(after_step(0))));
}

TEST_P(SteppedBy, SnapshotsComeAtTheSameAge) {
  EXPECT_EQ(live({.early_export_ns = 10_s},
                 {{{forth().at(kBase)}, kBase + 9_s}, {{}, after_step(10_s), GetParam()}, {{}, after_step(10_s) + 1}}),
            Rows({"frame 1 snapshot " + time_text(after_step(10_s)) + ": " +
                      flow_from(after_step(0), "0ns 1/0 live not_applicable first_packet seg0 snapshot"),
                  "end: " + flow_from(after_step(0), "0ns 1/0 forced_end not_applicable first_packet seg0")}));
}

TEST_P(SteppedBy, WhatIsRememberedOfCutFlowsGrowsNoOlder) {
  // Both sides, idle at 120 s, remembered until 720 s past the last packet.
  const auto continued = [&](std::int64_t next) {
    return live({}, {{{forth().at(kBase), back().at(kBase)}, kBase + 130_s},
                     {{}, kNoClock, GetParam()},
                     {{forth().at(after_step(next))}}})
        .back();
  };
  EXPECT_EQ(continued(720_s),
            "end: " + flow_from(after_step(720_s), "0ns 1/0 forced_end not_applicable inherited seg1"));
  EXPECT_EQ(continued(720_s + 1),
            "end: " + flow_from(after_step(720_s) + 1, "0ns 1/0 forced_end not_applicable first_packet seg0"));
}

TEST_P(SteppedBy, TheFlowThatWasLongestQuietIsStillTheFirstToBeEvicted) {
  // A partition of two flows: the third evicts one, before and behind the step.
  std::vector<std::uint16_t> ports;  // of one partition
  const auto port_flow = [](std::uint16_t port) { return event().udp("10.0.0.1", port, "10.0.0.2", 53); };
  const std::uint8_t partition = partition_of(key_of(port_flow(1), KeyRule::kFull).key);
  for (std::uint16_t port = 1; ports.size() < 4; ++port)
    if (partition_of(key_of(port_flow(port), KeyRule::kFull).key) == partition) ports.push_back(port);
  const LifeCycle rules{.max_flows = 2 * kPartitions};
  const Rows rows = live(rules, {{{port_flow(ports[0]).at(kBase), port_flow(ports[1]).at(kBase + 10_s),
                                   port_flow(ports[2]).at(kBase + 20_s), port_flow(ports[1]).at(kBase + 30_s)}},
                                 {{port_flow(ports[3]).at(after_step(40_s))}, kNoClock, GetParam()}});
  ASSERT_EQ(rows.size(), 4U);
  const auto evicted = [&](std::size_t row, std::uint16_t port) {
    EXPECT_NE(rows[row].find(fmt::format("10.0.0.1:{}>", port)), std::string::npos) << rows[row];
    EXPECT_NE(rows[row].find("lack_of_resources"), std::string::npos) << rows[row];
  };
  evicted(0, ports[0]);
  evicted(1, ports[2]);
}

TEST(WallClock, AStepBeforeTheFirstPacketChangesNothing) {
  EXPECT_EQ(live({}, {{{}, kNoClock, 3600_s}, {{forth().at(5_s)}}}),
            Rows({"end: " + kLiveFlow + "5s+0ns 1/0 forced_end not_applicable first_packet seg0"}));
}

}  // namespace
}  // namespace flowgauge::test
