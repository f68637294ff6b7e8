// Wild timestamps, steps back, and a flow's own time both ways (docs/semantics.md, section 3).
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <random>

#include "core/flow/flow_key.h"
#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

using Events = std::vector<packet_event>;

EventBuilder third() { return event().udp("10.0.0.5", 5, "10.0.0.6", 6); }

const std::string kFlow = "10.0.0.1:1000>10.0.0.2:53 ";
const std::string kOther = "10.0.0.7:7>10.0.0.8:8 ";
const std::string kTcp = "10.0.0.1:1000>10.0.0.2:80 ";
const std::string kUdpEnd = " not_applicable first_packet seg0";

constexpr std::int64_t kYear = 31'536'000_s;

Events joined(Events events, const Events& more) {
  events.insert(events.end(), more.begin(), more.end());
  return events;
}

// ---------------------------------------------------------------- ahead

TEST(ClockJump, OneWildPacketEndsNoOtherFlow) {
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(1_s), other().at(kYear), forth().at(2_s), back().at(121_s)}),
            Rows({kFlow + "0ns+121s 2/2 forced_end" + kUdpEnd, kOther + "31536000s+0ns 1/0 forced_end" + kUdpEnd}));
}

TEST(ClockJump, NorDoTwo) {
  EXPECT_EQ(rows_of({}, {forth().at(0), other().at(kYear), third().at(kYear), forth().at(2_s)}).front(),
            kFlow + "0ns+2s 2/0 forced_end" + kUdpEnd);
}

TEST(ClockJump, TheFlowOfAWildPacketEndsByTheClockAsIfItHadArrivedNow) {
  EXPECT_EQ(releases_of({}, {forth().at(0), other().at(kYear), forth().at(100_s), forth().at(121_s)}).front(),
            "frame 3 sweep 120s: " + kOther + "31536000s+0ns 1/0 idle_timeout" + kUdpEnd);
}

TEST(ClockJump, ThreeWildPacketsMoveTheClockWithTheFirst) {
  const Events gap = {forth().at(0), other().at(1000_s), third().at(1001_s), other().at(1002_s)};
  EXPECT_EQ(releases_of({}, gap), Rows({"frame 1 sweep 120s: " + kFlow + "0ns+0ns 1/0 idle_timeout" + kUdpEnd,
                                        "end: " + kOther + "1000s+2s 2/0 forced_end" + kUdpEnd,
                                        "end: 10.0.0.5:5>10.0.0.6:6 1001s+0ns 1/0 forced_end" + kUdpEnd}));
}

TEST(ClockJump, AConnectionBehindAGapIsOne) {
  EXPECT_EQ(rows_of({}, {other().at(0), client("S", 1).at(1000_s), server("SA", 9, 2).at(1000_s + 1),
                         client("A", 2, 10).at(1000_s + 2), client("A", 2, 10, 5).at(1000_s + 3)})
                .back(),
            kTcp + "1000s+3ns 3/1 forced_end none syn seg0 hs");
}

TEST(ClockJump, ThreeThatAreNotNearEachOtherDoNotMoveIt) {
  const auto rows = [](std::int64_t last_ns) {
    return rows_of({.idle_timeout_ns = 300_s},
                   {forth().at(0), other().at(1000_s), third().at(1600_s),
                    event().udp("10.0.0.3", 3, "10.0.0.4", 4).at(last_ns), forth().at(1_s)});
  };
  EXPECT_EQ(rows(2200_s).front(), kFlow + "0ns+0ns 1/0 idle_timeout" + kUdpEnd);
  EXPECT_EQ(rows(2200_s + 1).front(), kFlow + "0ns+1s 2/0 forced_end" + kUdpEnd);
}

TEST(ClockJump, AtTheEndOfInputARunThatBeganCounts) {
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(1_s), other().at(kYear)}),
            Rows({kFlow + "0ns+1s 1/1 idle_timeout" + kUdpEnd, kOther + "31536000s+0ns 1/0 forced_end" + kUdpEnd}));
  EXPECT_EQ(rows_of({}, {forth().at(0), other().at(kYear), other().at(kYear + 1)}).front(),
            kFlow + "0ns+0ns 1/0 idle_timeout" + kUdpEnd);
}

// In time order, three packets or more between long gaps: all rows and their order are as if every packet moved the
// clock.
TEST(ClockJump, LongGapsBetweenBurstsChangeNothing) {
  for (unsigned seed = 0; seed < 200; ++seed) {
    std::mt19937 random(seed);
    const auto below = [&](unsigned limit) { return random() % limit; };
    Events events;
    std::int64_t now = 0;
    for (unsigned burst = 0; burst < 6; ++burst) {
      now += below(2) == 0 ? 700_s : 5000_s;
      for (unsigned i = 0; i < 3 + below(4); ++i) {
        const auto port = static_cast<std::uint16_t>(1 + below(3));
        events.push_back(below(2) == 0 ? event().udp("10.0.0.1", port, "10.0.0.2", 53).at(now).operator packet_event()
                                       : event().udp("10.0.0.2", 53, "10.0.0.1", port).at(now).operator packet_event());
        now += static_cast<std::int64_t>(below(3)) * 50_s;
      }
    }
    LifeCycle rules{.active_timeout_ns = 1800_s, .early_export_ns = 60_s, .max_flows = 600};
    if (seed % 2 != 0) rules.idle_timeout_ns = 0;
    LifeCycle every_packet = rules;
    every_packet.clock_jump_ns = 0;
    ASSERT_EQ(rows_of(rules, events), rows_of(every_packet, events)) << "seed " << seed;
  }
}

TEST(ClockJump, WithoutOneEveryPacketMovesTheClock) {
  EXPECT_EQ(rows_of({.clock_jump_ns = 0}, {forth().at(0), other().at(kYear), forth().at(1_s)}).front(),
            kFlow + "0ns+0ns 1/0 idle_timeout" + kUdpEnd);
}

// ---------------------------------------------------------------- steps back

// Three packets that set the clock back to 0.
Events step_to_0() { return {other().at(0), other().at(0), other().at(0)}; }

TEST(StepBack, DeadlinesMoveWithIt) {
  const Events stepped = joined({forth().at(9000_s), third().at(9030_s)}, step_to_0());
  // 30 s old at the step, 90 s behind it: the deadline has come, and is not past.
  EXPECT_EQ(rows_of({}, joined(stepped, {other().at(90_s)})).front(), kFlow + "9000s+0ns 1/0 forced_end" + kUdpEnd);
  EXPECT_EQ(rows_of({}, joined(stepped, {other().at(90_s + 1)})).front(),
            kFlow + "9000s+0ns 1/0 idle_timeout" + kUdpEnd);
  EXPECT_EQ(releases_of({}, joined(stepped, {other().at(91_s)})).front(),
            "frame 5 sweep 9120s: " + kFlow + "9000s+0ns 1/0 idle_timeout" + kUdpEnd);
}

TEST(StepBack, OfExactlyTheJumpIsNone) {
  const Events at_jump = {forth().at(1000_s), other().at(400_s), other().at(400_s), other().at(400_s),
                          third().at(521_s)};
  EXPECT_EQ(rows_of({}, at_jump).front(), kFlow + "1000s+0ns 1/0 forced_end" + kUdpEnd);
  const Events beyond = {forth().at(1000_s), other().at(400_s - 1), other().at(400_s - 1), other().at(400_s - 1),
                         third().at(521_s)};
  EXPECT_EQ(rows_of({}, beyond).front(), kFlow + "1000s+0ns 1/0 idle_timeout" + kUdpEnd);
}

TEST(StepBack, TakesThreeInARow) {
  const Events two = {forth().at(9000_s), other().at(0), other().at(0),     third().at(9001_s),
                      other().at(0),      other().at(0), third().at(9002_s)};
  EXPECT_EQ(rows_of({}, two).front(), kFlow + "9000s+0ns 1/0 forced_end" + kUdpEnd);
  EXPECT_EQ(rows_of({}, joined(two, {third().at(9120_s + 1)})).front(), kFlow + "9000s+0ns 1/0 idle_timeout" + kUdpEnd);
}

TEST(StepBack, LeavesTheTimesOfRowsAsTheyAre) {
  const Events stepped = joined({forth().at(9000_s), back().at(9001_s)}, step_to_0());
  EXPECT_EQ(rows_of({}, joined(stepped, {forth().at(9002_s), other().at(1_s)})).front(),
            kFlow + "9000s+2s 2/1 forced_end" + kUdpEnd);
}

TEST(StepBack, FlowsLingerOn) {
  const Events stepped = joined({client("R").at(9000_s), third().at(9002_s)}, step_to_0());
  const std::string kClosed = "rst reset first_packet seg0 reset_before_hs";
  EXPECT_EQ(releases_of({}, joined(stepped, {other().at(3_s + 999_ms)})).front(),
            "end: " + kTcp + "9000s+0ns 1/0 " + kClosed);
  EXPECT_EQ(releases_of({}, joined(stepped, {other().at(4_s)})).front(),
            "frame 5 sweep 9005s: " + kTcp + "9000s+0ns 1/0 " + kClosed);
  EXPECT_EQ(rows_of({}, joined(stepped, {other().at(3_s), server("A").at(9001_s), other().at(3_s)})).front(),
            kTcp + "9000s+1s 1/1 " + kClosed)
      << "it takes in what comes late";
}

TEST(StepBack, SnapshotsComeAtTheSameAge) {
  const LifeCycle rules{.early_export_ns = 10_s};
  const Events stepped = joined({forth().at(9000_s), third().at(9004_s)}, step_to_0());
  const std::string snapshot = "snapshot 9010s: " + kFlow + "9000s+0ns 1/0 live" + kUdpEnd + " snapshot";
  EXPECT_EQ(releases_of(rules, joined(stepped, {other().at(6_s)})).front().find("snapshot"), std::string::npos);
  EXPECT_EQ(releases_of(rules, joined(stepped, {other().at(6_s + 1)})).front(), "frame 5 " + snapshot);
}

TEST(StepBack, WhatIsRememberedOfCutFlowsGrowsNoOlder) {
  // Both sides, idle at 120 s, remembered until 720 s past the last packet; 130 s of them before the step.
  const Events stepped = joined({forth().at(9000_s), back().at(9000_s), third().at(9130_s)}, step_to_0());
  const auto continued = [&](std::int64_t next) {
    Events events = stepped;
    for (const std::int64_t on : {200_s, 400_s, 580_s}) events.push_back(other().at(on));
    events.push_back(forth().at(next));
    return rows_of({}, events).back();
  };
  EXPECT_EQ(continued(590_s), kFlow + "590s+0ns 1/0 forced_end not_applicable inherited seg1");
  EXPECT_EQ(continued(590_s + 1), kFlow + time_text(590_s + 1) + "+0ns 1/0 forced_end" + kUdpEnd);
}

TEST(StepBack, TheFlowThatWasLongestQuietIsStillTheFirstToBeEvicted) {
  std::vector<std::uint16_t> ports;  // of one partition, which holds two flows
  const auto port_flow = [](std::uint16_t port) { return event().udp("10.0.0.1", port, "10.0.0.2", 53); };
  const auto partition_of_flow = [](const packet_event& packet) {
    return partition_of(key_of(packet, KeyRule::kFull).key);
  };
  const std::uint8_t partition = partition_of_flow(port_flow(1));
  ASSERT_NE(partition_of_flow(other()), partition);
  for (std::uint16_t port = 1; ports.size() < 4; ++port)
    if (partition_of_flow(port_flow(port)) == partition) ports.push_back(port);
  const Rows rows = rows_of({.max_flows = 2 * kPartitions},
                            joined(joined({port_flow(ports[0]).at(9000_s), port_flow(ports[1]).at(9010_s),
                                           port_flow(ports[2]).at(9020_s), port_flow(ports[1]).at(9030_s)},
                                          step_to_0()),
                                   {port_flow(ports[3]).at(10_s)}));
  ASSERT_EQ(rows.size(), 5U);
  for (const auto& [row, port] : {std::pair(0U, ports[0]), std::pair(1U, ports[2])}) {
    EXPECT_NE(rows[row].find(fmt::format("10.0.0.1:{}>", port)), std::string::npos) << rows[row];
    EXPECT_NE(rows[row].find("lack_of_resources"), std::string::npos) << rows[row];
  }
}

TEST(StepBack, AWildFirstPacketLeavesTheOthersEndsAsTheyAre) {
  Events events;
  for (std::uint16_t i = 0; i < 300; ++i) events.push_back(event().udp("10.0.0.1", i, "10.0.0.2", 53).at(i * 1_s));
  const Rows without = rows_of({}, events);
  events.insert(events.begin(), other().at(10 * kYear));
  Rows with = rows_of({}, events);
  EXPECT_EQ(std::erase(with, kOther + "315360000s+0ns 1/0 idle_timeout" + kUdpEnd), 1U);
  EXPECT_EQ(with, without);
}

TEST(StepBack, FilesInTheWrongOrderGiveTheFlowsOfEach) {
  Events later, earlier;
  for (int i = 0; i < 5; ++i) {
    later.push_back(forth().at(9000_s + i * 50_s));
    earlier.push_back(back().at(i * 50_s));
  }
  EXPECT_EQ(rows_of({}, joined(later, earlier)),
            Rows({kFlow + "9000s+200s 5/0 active_timeout" + kUdpEnd,
                  kFlow + "0ns+200s 0/5 forced_end not_applicable inherited seg1"}));
}

TEST(StepBack, TwoClocksThatTakeTurnsKeepTheirFlows) {
  // 11 minutes apart, three packets of each in turn. Each way forth ages all by 11 minutes less what the other clock
  // ran.
  const LifeCycle rules{.idle_timeout_ns = 3600_s};
  Events events;
  for (int turn = 0; turn < 4; ++turn)
    for (int i = 0; i < 3; ++i) {
      const std::int64_t now = turn * 3_s + i * 1_s;
      events.push_back(turn % 2 == 0 ? forth().at(now + 660_s).operator packet_event()
                                     : other().at(now).operator packet_event());
    }
  EXPECT_EQ(rows_of(rules, events),
            Rows({kFlow + "660s+8s 6/0 forced_end" + kUdpEnd, kOther + "3s+8s 6/0 forced_end" + kUdpEnd}));
}

// ---------------------------------------------------------------- a flow's own time, both ways

TEST(OwnTime, ExactlyTheIdleTimeoutBelowContinuesTheFlow) {
  EXPECT_EQ(rows_of({}, {forth().at(1000_s), back().at(880_s)}),
            Rows({kFlow + "880s+120s 1/1 forced_end" + kUdpEnd + " ooo=1"}));
}

TEST(OwnTime, OneNanosecondMoreBelowEndsItAndTheNextInherits) {
  EXPECT_EQ(rows_of({}, {forth().at(1000_s), back().at(999_s), back().at(880_s - 1)}),
            Rows({kFlow + "999s+1s 1/1 idle_timeout" + kUdpEnd + " ooo=1",
                  kFlow + "879999999999ns+0ns 0/1 forced_end not_applicable inherited seg1"}));
}

TEST(OwnTime, BelowCountsFromTheLastPacketNotTheFirst) {
  EXPECT_EQ(rows_of({}, {forth().at(1000_s), forth().at(1100_s), back().at(980_s - 1)}).size(), 2U);
  EXPECT_EQ(rows_of({}, {forth().at(1000_s), forth().at(1100_s), back().at(980_s)}).size(), 1U);
}

TEST(OwnTime, StepByStepFirstSeenGoesBackNoFurtherThanTheIdleTimeout) {
  EXPECT_EQ(rows_of({}, {forth().at(1000_s), back().at(900_s), back().at(880_s), back().at(800_s)}),
            Rows({kFlow + "880s+120s 1/2 idle_timeout" + kUdpEnd + " ooo=2",
                  kFlow + "800s+0ns 0/1 forced_end not_applicable inherited seg1"}));
}

TEST(OwnTime, NoRowIsLongerThanTheActiveTimeout) {
  const LifeCycle rules{.idle_timeout_ns = 0, .active_timeout_ns = 60_s};
  EXPECT_EQ(rows_of(rules, {forth().at(1000_s), back().at(940_s)}).size(), 1U);
  EXPECT_EQ(rows_of(rules, {forth().at(1000_s), back().at(940_s - 1)}),
            Rows({kFlow + "1000s+0ns 1/0 active_timeout" + kUdpEnd,
                  kFlow + "939999999999ns+0ns 0/1 forced_end not_applicable inherited seg1"}));
  EXPECT_EQ(rows_of(rules, {forth().at(1000_s), forth().at(1030_s), back().at(970_s), forth().at(1030_s + 1)}),
            Rows({kFlow + "970s+60s 2/1 active_timeout" + kUdpEnd + " ooo=1",
                  kFlow + "1030000000001ns+0ns 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(OwnTime, BelowBothTimeoutsIsActiveAsAboveBoth) {
  EXPECT_EQ(rows_of({}, {forth().at(2 * kYear), forth().at(kYear), forth().at(2 * kYear)}),
            Rows({kFlow + "63072000s+0ns 1/0 active_timeout" + kUdpEnd,
                  kFlow + "31536000s+0ns 1/0 active_timeout not_applicable inherited seg1",
                  kFlow + "63072000s+0ns 1/0 forced_end not_applicable inherited seg2"}));
}

TEST(OwnTime, FarBelowEndsLingerAndLeavesItsReason) {
  const auto rows = [](std::int64_t late) { return rows_of({}, {client("R").at(1000_s), server("A").at(late)}); };
  EXPECT_EQ(rows(880_s), Rows({kTcp + "880s+120s 1/1 rst reset first_packet seg0 reset_before_hs ooo=1"}));
  ASSERT_EQ(rows(880_s - 1).size(), 2U);
  EXPECT_EQ(rows(880_s - 1).front(), kTcp + "1000s+0ns 1/0 rst reset first_packet seg0 reset_before_hs");
}

TEST(OwnTime, LingerMakesNoRowLongerThanTheActiveTimeout) {
  const LifeCycle rules{.active_timeout_ns = 60_s};
  const auto rows = [&](std::int64_t late) {
    return rows_of(rules, {client("A").at(0), client("R").at(58_s), server("A").at(late)});
  };
  EXPECT_EQ(rows(60_s), Rows({kTcp + "0ns+60s 2/1 rst reset first_packet seg0 reset_before_hs"}));
  ASSERT_EQ(rows(60_s + 1).size(), 2U);
  EXPECT_EQ(rows(60_s + 1).front(), kTcp + "0ns+58s 2/0 rst reset first_packet seg0 reset_before_hs");
}

TEST(OwnTime, WithoutAClockJumpNothingBelowEndsAFlow) {
  EXPECT_EQ(rows_of({.clock_jump_ns = 0}, {forth().at(3000_s), back().at(200_s), forth().at(3001_s)}),
            Rows({kFlow + "200s+2801s 2/1 forced_end" + kUdpEnd + " ooo=1"}));
  EXPECT_EQ(rows_of({.active_timeout_ns = 60_s, .clock_jump_ns = 0},
                    {client("A").at(0), client("R").at(58_s), server("A").at(61_s), server("A").at(-500_s)}),
            Rows({kTcp + "-500s+561s 2/2 rst reset first_packet seg0 reset_before_hs ooo=1"}));
}

}  // namespace
}  // namespace flowgauge::test
