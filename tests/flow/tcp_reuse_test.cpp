// Another TCP connection on the ports of a flow that has not ended (docs/semantics.md, section 3): who gives way, and
// who does not.
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/flow/two_hosts.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

constexpr LifeCycle kMerge{.tcp_reuse = TcpReuse::kMerge};
constexpr std::uint32_t kTop = 0xFFFFFFFF;

class Reuse : public testing::TestWithParam<LifeCase> {};

TEST_P(Reuse, Splits) { EXPECT_EQ(brief({}, GetParam().packets), GetParam().rows); }

// Of flows that no packet closed, all packets stay in one row.
TEST_P(Reuse, MergesAsBefore) { EXPECT_EQ(brief(kMerge, GetParam().packets).size(), 1U); }

// 100 is the client's initial sequence number, 500 the server's.
INSTANTIATE_TEST_SUITE_P(
    Syn, Reuse,
    testing::Values(
        LifeCase{"TheSameNumberIsARepetition",
                 {client("S", 100), client("S", 100), server("SA", 500, 101), client("S", 100)},
                 {"client 3/1 forced_end none syn seg0"}},
        LifeCase{"AnotherNumberIsAnotherConnection",
                 {client("S", 100), server("SA", 500, 101), client("A", 101, 501), client("S", 900)},
                 {"client 2/1 reuse none syn seg0 hs", "client 1/0 forced_end none syn seg0"}},
        LifeCase{"NumbersWrapAround",
                 {client("S", kTop), server("SA", kTop, 0), client("A", 0, 0), client("S", kTop), client("S", 0)},
                 {"client 3/1 reuse none syn seg0 hs", "client 1/0 forced_end none syn seg0"}},
        LifeCase{"OfTheOtherSideIsAnotherConnection",
                 {client("S", 100), server("SA", 500, 101), client("A", 101, 501), server("S", 900)},
                 {"client 2/1 reuse none syn seg0 hs", "server 1/0 forced_end none syn seg0"}},
        LifeCase{"WithTheNumberOfItsSidesSynAckIsARepetition",
                 {client("S", 100), server("SA", 500, 101), server("S", 500)},
                 {"client 1/2 forced_end none syn seg0"}},
        LifeCase{"LateBehindTheAckOfTheOtherSide",
                 {server("SA", 500, 101), client("S", 100), client("A", 101, 501)},
                 {"client 2/1 forced_end none syn_ack seg0"}},
        LifeCase{"LateBehindAnAckThatWrapsAround",
                 {server("SA", 500, 0), client("S", kTop), client("A", 0, 501)},
                 {"client 2/1 forced_end none syn_ack seg0"}},
        LifeCase{"TheFirstAckCountsAlone",
                 {server("A", 500, 201), server("A", 500, 101), client("S", 100)},
                 {"server 2/0 reuse none first_packet seg0", "client 1/0 forced_end none syn seg0"}},
        LifeCase{"AnAckNumberWithoutTheFlagAcknowledgesNothing",
                 {server("P", 500, 101), client("S", 100)},
                 {"server 1/0 reuse none first_packet seg0", "client 1/0 forced_end none syn seg0"}},
        LifeCase{"TheAckIsStrongerThanTheLowestNumber",
                 {client("A", 101, 501), server("A", 501, 201), client("S", 200)},
                 {"client 2/1 forced_end none first_packet seg0"}},
        LifeCase{"LateBehindDataOfItsOwnSide",
                 {client("PA", 111, 501, 5), client("PA", 101, 501, 10), client("S", 100)},
                 {"client 3/0 forced_end none first_packet seg0"}},
        LifeCase{"LateBehindDataThatWrapsAround",
                 {client("PA", 4, 501, 5), client("PA", kTop, 501, 5), client("S", kTop - 1)},
                 {"client 3/0 forced_end none first_packet seg0"}},
        LifeCase{"TheLowestNumberCounts",
                 {client("PA", 101, 501, 10), client("PA", 111, 501, 5), client("S", 110)},
                 {"client 2/0 reuse none first_packet seg0", "client 1/0 forced_end none syn seg0"}},
        LifeCase{"BehindDataOfTheOtherSideThatAcknowledgesNothing",
                 {server("P", 500, 0, 5), client("S", 100)},
                 {"server 1/0 reuse none first_packet seg0", "client 1/0 forced_end none syn seg0"}},
        LifeCase{"OfAnOldConnectionArrivesLate",  // and takes what comes later with it
                 {client("S", 100), client("S", 900), server("SA", 700, 901), client("S", 100), client("A", 901, 701)},
                 {"client 1/0 reuse none syn seg0", "client 1/1 reuse none syn seg0",
                  "client 2/0 forced_end none syn seg0"}},
        LifeCase{"FloodOnOnePort",
                 {client("S", 1), client("S", 2), client("S", 3), client("S", 4)},
                 {"client 1/0 reuse none syn seg0", "client 1/0 reuse none syn seg0", "client 1/0 reuse none syn seg0",
                  "client 1/0 forced_end none syn seg0"}},
        LifeCase{
            "OneSideWasCaptured",
            {client("S", 100), client("A", 101, 501), client("FA", 101, 502), client("S", 900), client("A", 901, 701)},
            {"client 3/0 reuse half_close syn seg0", "client 2/0 forced_end none syn seg0"}}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    SynAck, Reuse,
    testing::Values(LifeCase{"TheSameNumberIsARepetitionWhateverItAcknowledges",
                             {client("S", 100), server("SA", 500, 101), server("SA", 500, 7777)},
                             {"client 1/2 forced_end none syn seg0"}},
                    LifeCase{"TheFirstOfItsSideBelongsToTheFlow",  // forged or not: nothing is known of that side
                             {client("S", 100), server("SA", 500, 7777)},
                             {"client 1/1 forced_end none syn seg0"}},
                    LifeCase{"AnotherNumberThatAcknowledgesTheSameSyn",
                             {client("S", 100), server("SA", 500, 101), server("SA", 600, 101)},
                             {"client 1/2 forced_end none syn seg0"}},
                    LifeCase{
                        "AnotherNumberThatAcknowledgesWhatTheFirstDid",
                        {client("S", 100), server("SA", 500, 7777), server("SA", 600, 7777), server("SA", 601, 101)},
                        {"client 1/3 forced_end none syn seg0"}},
                    LifeCase{"ForgedWithWrongNumbers",
                             {client("S", 100), server("SA", 500, 101), client("A", 101, 501), server("SA", 600, 102)},
                             {"client 2/1 reuse none syn seg0 hs", "client 0/1 forced_end none syn_ack seg0"}},
                    LifeCase{"OfAnotherConnectionWhoseSynWasNotSeen",
                             {server("SA", 500, 101), server("A", 501, 111), server("SA", 600, 901), client("S", 900)},
                             {"client 0/2 reuse none syn_ack seg0", "client 1/1 forced_end none syn_ack seg0"}},
                    LifeCase{"AcknowledgesASynThatWrapsAround",
                             {client("S", kTop), server("SA", 500, 0), server("SA", 600, 0)},
                             {"client 1/2 forced_end none syn seg0"}}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    SimultaneousOpen, Reuse,
    testing::Values(LifeCase{"TheClientFirst",
                             {client("S", 100), server("S", 500), client("SA", 100, 501), server("SA", 500, 101)},
                             {"client 2/2 forced_end none syn seg0"}},
                    LifeCase{"TheServerFirst",
                             {server("S", 500), client("S", 100), server("SA", 500, 101), client("SA", 100, 501)},
                             {"server 2/2 forced_end none syn seg0"}},
                    LifeCase{"WithARepetition",
                             {client("S", 100), client("S", 100), server("S", 500), server("A", 501, 101)},
                             {"client 2/2 forced_end none syn seg0"}},
                    LifeCase{"NotOnceAnythingElseWasSent",
                             {client("S", 100), client("P", 101, 0, 9), server("S", 500)},
                             {"client 2/0 reuse none syn seg0", "server 1/0 forced_end none syn seg0"}}),
    name_of_case);

// ---------------------------------------------------------------- with other ends of flows

TEST(ReuseAndTime, TheFlowEndsAtItsLastPacket) {
  EXPECT_EQ(releases_of({}, {client("S", 100).at(0), server("SA", 500, 101).at(1_s), other().at(3_s),
                             client("S", 900).at(4_s)}),
            Rows({"frame 3 touched 4s: 10.0.0.1:1000>10.0.0.2:80 0ns+1s 1/1 reuse none syn seg0",
                  "end: 10.0.0.7:7>10.0.0.8:8 3s+0ns 1/0 forced_end not_applicable first_packet seg0",
                  "end: 10.0.0.1:1000>10.0.0.2:80 4s+0ns 1/0 forced_end none syn seg0"}));
}

TEST(ReuseAndTime, ATimeoutThatHasPassedIsTheReason) {
  EXPECT_EQ(brief({}, {client("S", 100).at(0), client("S", 900).at(120_s)}),
            Rows({"client 1/0 reuse none syn seg0", "client 1/0 forced_end none syn seg0"}));
  EXPECT_EQ(brief({}, {client("S", 100).at(0), client("S", 900).at(120_s + 1)}),
            Rows({"client 1/0 idle_timeout none syn seg0", "client 1/0 forced_end none syn seg0"}));
}

// What the first segment told of numbers, the second does not know: a SYN that is another's for the one may be late for
// the other.
TEST(ReuseAndTime, AcrossAnActiveTimeout) {
  const LifeCycle rules{.active_timeout_ns = 10_s};
  EXPECT_EQ(brief(rules, {client("S", 100).at(0), server("SA", 500, 101).at(1_s), client("A", 101, 501).at(2_s),
                          client("PA", 101, 501, 10).at(11_s), client("S", 900).at(12_s)}),
            Rows({"client 2/1 active_timeout none syn seg0 hs", "client 1/0 reuse none inherited seg1",
                  "client 1/0 forced_end none syn seg0"}));
  EXPECT_EQ(brief(rules, {client("S", 100).at(0), server("SA", 500, 101).at(1_s), client("A", 101, 501).at(2_s),
                          client("S", 900).at(11_s)}),
            Rows({"client 2/1 active_timeout none syn seg0 hs", "client 1/0 forced_end none syn seg0"}));
}

TEST(ReuseAndTime, NothingIsInheritedFromAFlowThatGaveWay) {
  const LifeCycle rules{.active_timeout_ns = 10_s};
  EXPECT_EQ(brief(rules, {client("S", 100).at(0), server("SA", 500, 101).at(1_s), client("A", 101, 501).at(11_s),
                          server("SA", 600, 7777).at(12_s), server("SA", 700, 8888).at(13_s)}),
            Rows({"client 1/1 active_timeout none syn seg0", "client 1/1 reuse none inherited seg1",
                  "client 0/1 forced_end none syn_ack seg0"}));
}

TEST(ReuseAndTime, MakesNoSnapshotOfTheFlowThatGivesWay) {
  const LifeCycle rules{.early_export_ns = 2_s};
  EXPECT_EQ(brief(rules, {client("S", 100).at(5_s), client("S", 900).at(1_s), client("S", 900).at(4_s)}),
            Rows({"client 1/0 reuse none syn seg0", "client 1/0 live none syn seg0 snapshot",
                  "client 2/0 forced_end none syn seg0"}));
}

TEST(ReuseWhileLingering, TheCloseIsFrozen) {
  const std::vector<packet_event> reset{client("S", 100), server("RA", 0, 101)};
  const auto with = [&](const packet_event& packet) {
    std::vector<packet_event> packets = reset;
    packets.push_back(packet);
    return packets;
  };
  const Rows another = {"client 1/1 rst reset syn seg0 reset_before_hs", "client 1/0 forced_end none syn seg0"};
  for (const LifeCycle& rules : {LifeCycle{}, kMerge}) {
    EXPECT_EQ(brief(rules, with(client("S", 900))), another);
    EXPECT_EQ(brief(rules, with(client("S", 100))), Rows({"client 2/1 rst reset syn seg0 reset_before_hs"}));
  }
}

// A reset flow whose SYN was late.
TEST(ReuseWhileLingering, ALateSynIsAbsorbedWithSplitAlone) {
  const std::vector<packet_event> packets{server("RA", 0, 101), client("S", 100)};
  EXPECT_EQ(brief({}, packets), Rows({"server 1/1 rst reset first_packet seg0 reset_before_hs"}));
  EXPECT_EQ(brief(kMerge, packets),
            Rows({"server 1/0 rst reset first_packet seg0 reset_before_hs", "client 1/0 forced_end none syn seg0"}));
}

TEST(ReuseWhileLingering, ASynAckOfAnotherConnectionIsNotAbsorbed) {
  const std::vector<packet_event> packets{client("S", 100), server("SA", 500, 101), client("R", 101),
                                          server("SA", 600, 901)};
  EXPECT_EQ(brief({}, packets),
            Rows({"client 2/1 rst reset syn seg0 reset_before_hs", "client 0/1 forced_end none syn_ack seg0"}));
  EXPECT_EQ(brief(kMerge, packets), Rows({"client 2/2 rst reset syn seg0 reset_before_hs"}));
}

TEST(ReuseWithImmediateClose, FindsNothingToGiveWay) {
  EXPECT_EQ(brief({.tcp_close = TcpClose::kImmediate}, {client("S", 100), server("RA", 0, 101), client("S", 900)}),
            Rows({"client 1/1 rst reset syn seg0 reset_before_hs", "client 1/0 forced_end none syn seg0"}));
}

TEST(ReuseOfOtherProtocols, IsUnknown) {
  const packet_event udp = forth();
  packet_event with_flags = udp;
  with_flags.tcp_flags = kTcpSyn;  // no parser makes it
  EXPECT_EQ(rows_of({}, {udp, with_flags}).size(), 1U);
}

}  // namespace
}  // namespace flowgauge::test
