// Which side is the source, and how a flow that a timeout cut is continued.
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

constexpr LifeCycle kFirstPacket{.direction = DirectionRule::kFirstPacket};
constexpr LifeCycle kFresh{.continuation = Continuation::kFresh};

TEST(Direction, TheSenderOfASynIsTheSource) {
  EXPECT_EQ(rows_of({}, {client("S")}), Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+0ns 1/0 forced_end none syn seg0"}));
  EXPECT_EQ(rows_of({}, {server("S")}), Rows({"10.0.0.2:80>10.0.0.1:1000 0ns+0ns 1/0 forced_end none syn seg0"}));
}

TEST(Direction, TheReceiverOfASynAckIsTheSource) {
  EXPECT_EQ(rows_of({}, {server("SA"), client("A")}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+0ns 1/1 forced_end none syn_ack seg0"}));
}

TEST(Direction, OtherwiseTheSenderOfTheFirstPacket) {
  EXPECT_EQ(rows_of({}, {server("A", 500, 101), client("S", 100)}),
            Rows({"10.0.0.2:80>10.0.0.1:1000 0ns+0ns 1/1 forced_end none first_packet seg0"}));
  EXPECT_EQ(rows_of({}, {back(), forth()}),
            Rows({"10.0.0.2:53>10.0.0.1:1000 0ns+0ns 1/1 forced_end not_applicable first_packet seg0"}));
}

TEST(Direction, FirstPacketRuleIgnoresRoles) {
  EXPECT_EQ(rows_of(kFirstPacket, {server("SA"), client("A")}),
            Rows({"10.0.0.2:80>10.0.0.1:1000 0ns+0ns 1/1 forced_end none first_packet seg0"}));
}

TEST(Direction, AFlowOfAnEndpointWithItselfHasOneDirection) {
  const packet_event to_self = event().tcp("127.0.0.1", 5, "127.0.0.1", 5).flags("SA");
  EXPECT_EQ(rows_of({}, {to_self, to_self}),
            Rows({"127.0.0.1:5>127.0.0.1:5 0ns+0ns 2/0 forced_end none syn_ack seg0"}));
}

TEST(Continuation, AnActiveTimeoutIsContinuedWithItsSource) {
  const LifeCycle rules{.idle_timeout_ns = 0, .active_timeout_ns = 10_s};
  EXPECT_EQ(rows_of(rules, {forth().at(0), back().at(11_s), back().at(22_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:53 0ns+0ns 1/0 active_timeout not_applicable first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:53 11s+0ns 0/1 active_timeout not_applicable inherited seg1",
                  "10.0.0.1:1000>10.0.0.2:53 22s+0ns 0/1 forced_end not_applicable inherited seg2"}));
}

TEST(Continuation, AnIdleTimeoutOnlyIfBothSidesSent) {
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(1_s), back().at(130_s)}).back(),
            "10.0.0.1:1000>10.0.0.2:53 130s+0ns 0/1 forced_end not_applicable inherited seg1");
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(130_s)}).back(),
            "10.0.0.2:53>10.0.0.1:1000 130s+0ns 1/0 forced_end not_applicable first_packet seg0");
}

TEST(Continuation, IsRememberedForTheIdleTimeoutAndTenMinutes) {
  // Last arrival at 1 s: 1 + 120 + 600 = 721 s is the last moment.
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(1_s), back().at(721_s)}).back(),
            "10.0.0.1:1000>10.0.0.2:53 721s+0ns 0/1 forced_end not_applicable inherited seg1");
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(1_s), back().at(721_s + 1)}).back(),
            "10.0.0.2:53>10.0.0.1:1000 721000000001ns+0ns 1/0 forced_end not_applicable first_packet seg0");
}

TEST(Continuation, SurvivesTheSweep) {
  EXPECT_EQ(rows_of({}, {forth().at(0), back().at(1_s), other().at(300_s), back().at(301_s)}).back(),
            "10.0.0.1:1000>10.0.0.2:53 301s+0ns 0/1 forced_end not_applicable inherited seg1");
}

TEST(Continuation, ASynNeverInherits) {
  const LifeCycle rules{.active_timeout_ns = 10_s};
  EXPECT_EQ(rows_of(rules, {client("A").at(0), server("S").at(11_s)}).back(),
            "10.0.0.2:80>10.0.0.1:1000 11s+0ns 1/0 forced_end none syn seg0");
  EXPECT_EQ(rows_of(rules, {client("A").at(0), server("SA").at(11_s)}).back(),
            "10.0.0.1:1000>10.0.0.2:80 11s+0ns 0/1 forced_end none inherited seg1");
}

TEST(Continuation, ASynForgetsWhatWasRemembered) {
  const LifeCycle rules{.idle_timeout_ns = 0, .active_timeout_ns = 10_s, .linger_ns = 1_s};
  // The SYN's own flow is reset and lingers out; what comes after it are leftovers of that flow alone.
  EXPECT_EQ(
      rows_of(rules, {client("A").at(0), server("S").at(11_s), server("R").at(11_s), client("A").at(13_s)}).back(),
      "10.0.0.2:80>10.0.0.1:1000 13s+0ns 0/1 forced_end none inherited seg1");
}

TEST(Continuation, LeftoversOfAClosedFlowHaveItsSource) {
  EXPECT_EQ(rows_of({}, {client("A").at(0), server("R").at(1_s), server("R").at(7_s), server("A").at(13_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+1s 1/1 rst reset first_packet seg0 reset_before_hs",
                  "10.0.0.1:1000>10.0.0.2:80 7s+0ns 0/1 rst reset inherited seg1 reset_before_hs",
                  "10.0.0.1:1000>10.0.0.2:80 13s+0ns 0/1 forced_end none inherited seg2"}));
}

TEST(Continuation, LeftoversOfFinsHaveTheirSource) {
  EXPECT_EQ(rows_of({}, {client("FA", 100, 500).at(0), server("FA", 500, 101).at(0), client("A", 101, 501).at(0),
                         server("FA", 500, 101).at(6_s), client("A", 101, 501).at(7_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+0ns 2/1 fin four_way_fin first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:80 6s+1s 1/1 forced_end half_close inherited seg1"}));
}

// A host that repeats its FIN to nobody: each row is cut by the idle timeout, with packets of one side alone.
TEST(Continuation, LeftoversOfOneSideHaveTheirSourceWhateverTheGaps) {
  EXPECT_EQ(rows_of({}, {client("FA", 100, 500).at(0), server("FA", 500, 101).at(0), client("A", 101, 501).at(0),
                         server("FA", 500, 101).at(130_s), server("FA", 500, 101).at(260_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+0ns 2/1 fin four_way_fin first_packet seg0",
                  "10.0.0.1:1000>10.0.0.2:80 130s+0ns 0/1 idle_timeout half_close inherited seg1",
                  "10.0.0.1:1000>10.0.0.2:80 260s+0ns 0/1 forced_end half_close inherited seg2"}));
}

TEST(Continuation, AClosedFlowIsRememberedForTheIdleTimeoutAndTenMinutes) {
  // Last arrival, in linger, at 4 s: 4 + 120 + 600 = 724 s is the last moment.
  const auto after = [](std::int64_t time) {
    return rows_of({}, {client("A").at(0), server("R").at(0), client("A").at(4_s), server("A").at(time)}).back();
  };
  EXPECT_EQ(after(724_s), "10.0.0.1:1000>10.0.0.2:80 724s+0ns 0/1 forced_end none inherited seg1");
  EXPECT_EQ(after(724_s + 1), "10.0.0.2:80>10.0.0.1:1000 724000000001ns+0ns 1/0 forced_end none first_packet seg0");
}

TEST(Continuation, ASynAfterTheLingerBeginsAfresh) {
  EXPECT_EQ(rows_of({}, {client("S", 1).at(0), server("RA", 0, 2).at(0), client("S", 1).at(7_s), server("A").at(8_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+0ns 1/1 rst reset syn seg0 reset_before_hs",
                  "10.0.0.1:1000>10.0.0.2:80 7s+1s 1/1 forced_end none syn seg0"}));
}

TEST(Continuation, AConnectionThatCutsTheLingerIsNoLeftover) {
  EXPECT_EQ(rows_of({}, {client("S", 100), server("SA", 500, 101), client("R", 101), client("SA", 600, 901)}).back(),
            "10.0.0.2:80>10.0.0.1:1000 0ns+0ns 0/1 forced_end none syn_ack seg0");
}

TEST(Continuation, NothingIsRememberedOfClosesBeyondTheBound) {
  // A quarter of 1024 flows is one a partition: the second closed flow of the partition replaces the first.
  const LifeCycle rules{.linger_ns = 1_s, .max_flows = 4 * kPartitions};
  const auto partition = partition_of(key_of(client("R").build(), KeyRule::kFull).key);
  std::uint16_t port = 2000;
  const auto neighbour = [&](const char* flags) { return event().tcp("10.0.0.1", port, "10.0.0.2", 80).flags(flags); };
  while (partition_of(key_of(neighbour("R").build(), KeyRule::kFull).key) != partition) ++port;
  EXPECT_EQ(rows_of(rules, {client("R").at(0), neighbour("R").at(1_s), server("A").at(10_s)}).back(),
            "10.0.0.2:80>10.0.0.1:1000 10s+0ns 1/0 forced_end none first_packet seg0");
  EXPECT_EQ(rows_of(rules, {client("R").at(0), server("A").at(10_s)}).back(),
            "10.0.0.1:1000>10.0.0.2:80 10s+0ns 0/1 forced_end none inherited seg1");
}

TEST(Continuation, FreshKnowsNothingOfTheOldFlow) {
  EXPECT_EQ(rows_of(kFresh, {forth().at(0), back().at(1_s), back().at(130_s)}).back(),
            "10.0.0.2:53>10.0.0.1:1000 130s+0ns 1/0 forced_end not_applicable first_packet seg0");
}

TEST(Reuse, APortThatIsUsedAgainAfterAClose) {
  const auto fin = [](EventBuilder packet, std::uint32_t seq, std::uint32_t ack) {
    return packet.flags("FA").seq(seq).ack(ack);
  };
  EXPECT_EQ(rows_of({}, {client("S").seq(1).at(0), fin(client(""), 2, 50).at(1_s), fin(server(""), 50, 3).at(2_s),
                         client("A").seq(3).ack(51).at(3_s), client("S").seq(900).at(4_s),
                         server("SA").seq(70).ack(901).at(5_s), client("A").seq(901).ack(71).at(6_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+3s 3/1 fin four_way_fin syn seg0",
                  "10.0.0.1:1000>10.0.0.2:80 4s+2s 2/1 forced_end none syn seg0 hs"}));
}

}  // namespace
}  // namespace flowgauge::test
