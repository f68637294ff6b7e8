// Handshake and close of TCP flows: who sent which number, and what ends the flow.
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

constexpr LifeCycle kImmediate{.tcp_close = TcpClose::kImmediate};

// What stands between the packet counts and the end of the line.
std::string ending(const std::string& row) { return row.substr(row.find(' ', row.find(' ') + 1) + 1); }

std::string only(const Rows& rows) { return rows.size() == 1 ? ending(rows.front()) : testing::PrintToString(rows); }

TEST(Handshake, SynSynAckAck) {
  EXPECT_EQ(only(rows_of({}, {client("S", 100, 0), server("SA", 500, 101), client("A", 101, 501)})),
            "2/1 forced_end none syn seg0 hs");
}

TEST(Handshake, NumbersWrapAround) {
  EXPECT_EQ(only(rows_of({}, {client("S", 0xFFFFFFFF, 0), server("SA", 0xFFFFFFFF, 0), client("A", 0, 0)})),
            "2/1 forced_end none syn seg0 hs");
}

TEST(Handshake, AWrongAckDoesNotCompleteIt) {
  EXPECT_EQ(only(rows_of({}, {client("S", 100, 0), server("SA", 500, 101), client("A", 101, 500)})),
            "2/1 forced_end none syn seg0");
}

TEST(Handshake, ARepeatedSynStartsAgain) {
  EXPECT_EQ(
      only(rows_of({}, {client("S", 100, 0), server("SA", 500, 101), client("S", 100, 0), client("A", 101, 501)})),
      "3/1 forced_end none syn seg0");
  EXPECT_EQ(only(rows_of({}, {client("S", 100, 0), server("SA", 500, 101), client("S", 100, 0), server("SA", 600, 101),
                              client("A", 101, 601)})),
            "3/2 forced_end none syn seg0 hs");
}

TEST(Handshake, ASynAckWithoutASynIsNone) {
  EXPECT_EQ(only(rows_of({}, {server("SA", 500, 101), client("A", 101, 501)})), "1/1 forced_end none syn_ack seg0");
}

TEST(Close, FourWay) {
  // FIN of the client: 100 + 10 payload + 1 = 111. FIN of the server: 500 + 0 + 1 = 501.
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500, 10), server("A", 500, 111), server("FA", 500, 111),
                              client("A", 111, 501)})),
            "2/2 fin four_way_fin first_packet seg0");
}

TEST(Close, AFinThatAcknowledgesTheOtherIsNotSimultaneous) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("FA", 500, 101), client("A", 101, 501)})),
            "2/1 fin four_way_fin first_packet seg0");
}

TEST(Close, Simultaneous) {
  EXPECT_EQ(
      only(rows_of({}, {client("FA", 100, 500), server("FA", 500, 100), client("A", 101, 501), server("A", 501, 101)})),
      "2/2 fin simultaneous_fin first_packet seg0");
}

TEST(Close, NumbersWrapAround) {
  // 0xFFFFFFFE + 1 byte + 1 = 0.
  EXPECT_EQ(only(rows_of({}, {client("FA", 0xFFFFFFFE, 7, 1), server("FA", 0xFFFFFFFF, 0), client("A", 0, 0)})),
            "2/1 fin four_way_fin first_packet seg0");
}

TEST(Close, HalfAndBidirectional) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("A", 500, 101), server("A", 500, 101, 9)})),
            "1/2 forced_end half_close first_packet seg0");
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("FA", 500, 101)})),
            "1/1 forced_end bidirectional_fin first_packet seg0");
}

TEST(Close, AnAckWithoutTheFlagAcknowledgesNothing) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("F", 500, 101), client("A", 101, 501)})),
            "2/1 forced_end bidirectional_fin first_packet seg0");
}

TEST(Close, AFinRepeatedAfterItsAckChangesNothing) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("A", 500, 101), client("FA", 100, 500, 40),
                              server("FA", 500, 101), client("A", 101, 501)})),
            "3/2 fin four_way_fin first_packet seg0");
}

TEST(Close, AFinRepeatedBeforeItsAckIsTheOneToAcknowledge) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), client("FA", 100, 500, 40), server("FA", 500, 141),
                              client("A", 141, 501)})),
            "3/1 fin four_way_fin first_packet seg0");
}

TEST(Close, AnAckBeforeItsFinCounts) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), client("A", 101, 501), server("FA", 500, 101)})),
            "2/1 fin four_way_fin first_packet seg0");
}

TEST(Close, AnAckBeyondTheFinCounts) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("FA", 500, 102), client("A", 101, 777)})),
            "2/1 fin four_way_fin first_packet seg0");
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("FA", 500, 100), client("A", 101, 500)})),
            "2/1 forced_end bidirectional_fin first_packet seg0")
      << "one short";
}

TEST(Close, OfAcksTheHighestCounts) {
  EXPECT_EQ(only(rows_of({}, {client("A", 101, 501), client("FA", 100, 400), server("FA", 500, 101)})),
            "2/1 fin four_way_fin first_packet seg0");
  // 0xFFFFFFFE is before 2: the wrapped one is the higher.
  EXPECT_EQ(only(rows_of({}, {client("A", 101, 2), client("FA", 100, 0xFFFFFFFE), server("FA", 0, 101)})),
            "2/1 fin four_way_fin first_packet seg0");
}

TEST(Close, AnAckAtHalfTheNumbersIsNotBeyond) {
  EXPECT_EQ(only(rows_of({}, {client("F", 100, 0), server("FA", 500, 101), client("A", 101, 501U + 0x7FFFFFFF)})),
            "2/1 fin four_way_fin first_packet seg0");
  EXPECT_EQ(only(rows_of({}, {client("F", 100, 0), server("FA", 500, 101), client("A", 101, 501U + 0x80000000)})),
            "2/1 forced_end bidirectional_fin first_packet seg0");
}

TEST(Close, AFinWithoutAnyAckOfTheOtherSideWaits) {
  EXPECT_EQ(only(rows_of({}, {client("F", 0xFFFFFFFE, 0), server("F", 0xFFFFFFFE, 0)})),
            "1/1 forced_end bidirectional_fin first_packet seg0");
}

// With `merge` a row may hold several connections: what was acknowledged of one closes no other.
TEST(Close, OfAConnectionBeforeNothingCounts) {
  const LifeCycle merge{.tcp_reuse = TcpReuse::kMerge};
  const std::vector<packet_event> first{client("S", 90000), server("SA", 80000, 90001), client("A", 90001, 80001),
                                        server("A", 80001, 90001)};
  const auto then = [&](std::initializer_list<packet_event> second) {
    std::vector<packet_event> packets = first;
    packets.insert(packets.end(), second);
    return only(rows_of(merge, packets));
  };
  EXPECT_EQ(then({client("S", 100), server("SA", 500, 101), client("FA", 101, 501), server("FA", 501, 101)}),
            "4/4 forced_end bidirectional_fin syn seg0 hs")
      << "the acks of the first are higher";
  EXPECT_EQ(
      then({client("FA", 90001, 80001), client("S", 90100), server("SA", 80100, 90101), client("A", 90101, 80101)}),
      "5/3 forced_end half_close syn seg0 hs")
      << "a FIN of the first is not acknowledged by the second";
}

TEST(Close, ResetBeforeAndAfterTheHandshake) {
  EXPECT_EQ(only(rows_of({}, {client("S", 100, 0), server("RA", 0, 101)})), "1/1 rst reset syn seg0 reset_before_hs");
  EXPECT_EQ(
      only(rows_of({}, {client("S", 100, 0), server("SA", 500, 101), client("A", 101, 501), client("R", 101, 0)})),
      "3/1 rst reset syn seg0 hs reset_after_hs");
}

TEST(Close, APacketThatCompletesTheFinsAndResetsEndsAsFin) {
  EXPECT_EQ(only(rows_of({}, {client("FA", 100, 500), server("FA", 500, 101), client("RA", 101, 501)})),
            "2/1 fin four_way_fin first_packet seg0");
}

TEST(Close, ImmediateEndsWithTheClosingPacket) {
  EXPECT_EQ(
      releases_of(kImmediate, {client("S", 1, 0), server("RA", 0, 2), server("RA", 0, 2)}),
      Rows({"frame 1 close 0ns: 10.0.0.1:1000>10.0.0.2:80 0ns+0ns 1/1 rst reset syn seg0 reset_before_hs",
            "frame 2 close 0ns: 10.0.0.1:1000>10.0.0.2:80 0ns+0ns 0/1 rst reset inherited seg1 reset_before_hs"}));
}

// A late ACK of a flow that FINs closed begins another, as after a RST; the source stays.
TEST(Close, ImmediateLeavesNothingForLatePacketsAfterFins) {
  EXPECT_EQ(releases_of(kImmediate, {client("FA", 100, 500), server("FA", 500, 101), client("A", 101, 501),
                                     server("A", 501, 101).at(1_s), client("A", 101, 501).at(2_s)}),
            Rows({"frame 2 close 0ns: 10.0.0.1:1000>10.0.0.2:80 0ns+0ns 2/1 fin four_way_fin first_packet seg0",
                  "end: 10.0.0.1:1000>10.0.0.2:80 1s+1s 1/1 forced_end none inherited seg1"}));
}

TEST(Linger, AbsorbsLatePacketsAndFreezesTheClose) {
  // A late ACK, a second RST, late data and even FINs change neither reason nor style.
  EXPECT_EQ(only(rows_of({}, {client("S", 1, 0).at(0), server("RA", 0, 2).at(1_s), server("A", 5, 2).at(2_s),
                              client("R", 2, 0).at(3_s), client("FA", 9, 6, 3).at(6_s)})),
            "3/2 rst reset syn seg0 reset_before_hs");
}

TEST(Linger, LastsExactlyItsTimeFromTheClosingPacket) {
  EXPECT_EQ(rows_of({}, {client("R", 1, 0).at(0), client("A", 2, 0).at(4_s), client("A", 2, 0).at(5_s)}).size(), 1U);
  EXPECT_EQ(rows_of({}, {client("R", 1, 0).at(0), client("A", 2, 0).at(4_s), client("A", 2, 0).at(5_s + 1)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+4s 2/0 rst reset first_packet seg0 reset_before_hs",
                  "10.0.0.1:1000>10.0.0.2:80 5000000001ns+0ns 1/0 forced_end none inherited seg1"}));
}

TEST(Linger, IsAtMostTheIdleTimeout) {
  const LifeCycle rules{.idle_timeout_ns = 2_s};
  EXPECT_EQ(rows_of(rules, {client("R", 1, 0).at(0), client("A", 2, 0).at(2_s)}).size(), 1U);
  EXPECT_EQ(rows_of(rules, {client("R", 1, 0).at(0), client("A", 2, 0).at(2_s + 1)}).size(), 2U);
}

TEST(Linger, WithoutAnIdleTimeoutIsItself) {
  EXPECT_EQ(rows_of({.idle_timeout_ns = 0}, {client("R", 1, 0).at(0), client("A", 2, 0).at(5_s + 1)}).size(), 2U);
}

TEST(Linger, EndsByTheClockToo) {
  EXPECT_EQ(
      releases_of({}, {client("R", 1, 0).at(500_ms), other().at(5_s + 900_ms), other().at(6_s)}).front(),
      "frame 2 sweep 5500ms: 10.0.0.1:1000>10.0.0.2:80 500ms+0ns 1/0 rst reset first_packet seg0 reset_before_hs");
}

TEST(Linger, AnotherSynOpensAnotherFlowAtOnce) {
  EXPECT_EQ(rows_of({}, {client("S", 1, 0).at(0), server("RA", 0, 2).at(1_s), client("S", 77, 0).at(2_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+1s 1/1 rst reset syn seg0 reset_before_hs",
                  "10.0.0.1:1000>10.0.0.2:80 2s+0ns 1/0 forced_end none syn seg0"}));
}

TEST(Linger, TheSameSynIsARetransmission) {
  EXPECT_EQ(only(rows_of({}, {client("S", 1, 0).at(0), server("RA", 0, 2).at(1_s), client("S", 1, 0).at(2_s)})),
            "2/1 rst reset syn seg0 reset_before_hs");
}

TEST(Linger, ASynOfASideThatSentNoneOpensAFlow) {
  EXPECT_EQ(rows_of({}, {client("S", 1, 0).at(0), server("RA", 0, 2).at(1_s), server("S", 9, 0).at(2_s)}),
            Rows({"10.0.0.1:1000>10.0.0.2:80 0ns+1s 1/1 rst reset syn seg0 reset_before_hs",
                  "10.0.0.2:80>10.0.0.1:1000 2s+0ns 1/0 forced_end none syn seg0"}));
}

TEST(Linger, ASynAckIsAbsorbed) {
  EXPECT_EQ(only(rows_of({}, {client("S", 1, 0).at(0), client("R", 2, 0).at(1_s), server("SA", 9, 2).at(2_s)})),
            "2/1 rst reset syn seg0 reset_before_hs");
}

TEST(Linger, AtTheEndOfInputTheFlowEndsAsItClosed) {
  EXPECT_EQ(ending(rows_of({}, {client("FA", 100, 500), server("FA", 500, 101), client("A", 101, 501), other().at(1_s)})
                       .front()),
            "2/1 fin four_way_fin first_packet seg0");
}

TEST(Fragments, LaterOnesHaveNoFlagsToCloseWith) {
  const packet_event later = client("R", 1, 0).later_fragment(9);
  packet_event joined = later;  // as the fragment memory hands it over: with its flow's ports
  joined.src_port = 1000;
  joined.dst_port = 80;
  EXPECT_EQ(only(rows_of({}, {client("A", 1, 0), joined})), "2/0 forced_end none first_packet seg0 frag=1");
}

}  // namespace
}  // namespace flowgauge::test
