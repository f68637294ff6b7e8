// How SCTP associations begin and end flows (docs/semantics.md, section 3).
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

// 100 is the client's tag, 500 the server's: packets carry that of their receiver.
EventBuilder client() { return event().sctp("10.0.0.1", 1000, "10.0.0.2", 2905).tag(500); }
EventBuilder server() { return event().sctp("10.0.0.2", 2905, "10.0.0.1", 1000).tag(100); }

// Source and what stands behind the times.
Rows brief(const LifeCycle& rules, const std::vector<packet_event>& packets) {
  Rows result;
  for (const std::string& row : rows_of(rules, packets)) {
    const std::string rest = row.substr(row.find(' ', row.find(' ') + 1));
    result.push_back((row.starts_with("10.0.0.1:") ? "client" : "server") + rest);
  }
  return result;
}

struct Case {
  const char* name;
  std::vector<packet_event> packets;
  Rows rows;
};

class SctpLife : public testing::TestWithParam<Case> {};

TEST_P(SctpLife, Rows) { EXPECT_EQ(brief({}, GetParam().packets), GetParam().rows); }

std::string name_of(const testing::TestParamInfo<Case>& info) { return info.param.name; }

INSTANTIATE_TEST_SUITE_P(Ends, SctpLife,
                         testing::Values(Case{"ShutdownCompleteEndsAFlow",
                                              {client().init(100), server(), client(), client().shutdown_complete()},
                                              {"client 3/1 fin not_applicable first_packet seg0"}},
                                         Case{"AbortEndsAFlow",
                                              {client().init(100), server().abort()},
                                              {"client 1/1 rst not_applicable first_packet seg0"}},
                                         Case{"TheFirstOfTwoEndsDecides",
                                              {client(), server().shutdown_complete(), client().abort()},
                                              {"client 2/1 fin not_applicable first_packet seg0"}},
                                         Case{
                                             "WhatComesLateIsAbsorbed",
                                             {client(), server().abort(), client().at(5_s), client().init(500).at(5_s)},
                                             {"client 2/1 rst not_applicable first_packet seg0",
                                              "client 1/0 forced_end not_applicable first_packet seg0"}}),
                         name_of);

INSTANTIATE_TEST_SUITE_P(
    Begins, SctpLife,
    testing::Values(Case{"TheSameTagIsARepetition",
                         {client().init(100), client().init(100), server(), client().init(100)},
                         {"client 3/1 forced_end not_applicable first_packet seg0"}},
                    Case{"AnotherTagIsAnotherAssociation",
                         {client().init(100), server(), client(), client().init(101), server().tag(101)},
                         {"client 2/1 reuse not_applicable first_packet seg0",
                          "client 1/1 forced_end not_applicable first_packet seg0"}},
                    Case{"TheTagIsKnownFromTheOtherSidesPackets",
                         {server(), client().init(100)},
                         {"server 1/1 forced_end not_applicable first_packet seg0"}},
                    Case{"AndAnotherIsAnother",
                         {server(), client().init(101)},
                         {"server 1/0 reuse not_applicable first_packet seg0",
                          "client 1/0 forced_end not_applicable first_packet seg0"}},
                    Case{"BothSidesMayBegin",
                         {client().init(100), server().init(500), server(), client()},
                         {"client 2/2 forced_end not_applicable first_packet seg0"}},
                    Case{"OfASideWithoutTagThatHasSentOthersItIsAnother",
                         {client(), client().init(100)},
                         {"client 1/0 reuse not_applicable first_packet seg0",
                          "client 1/0 forced_end not_applicable first_packet seg0"}},
                    Case{"TheTagOfAnAbortMayBeTheSenders",
                         {server().tag(500).abort(), client().init(100)},
                         {"server 1/0 rst not_applicable first_packet seg0",
                          "client 1/0 forced_end not_applicable first_packet seg0"}},
                    Case{"WhileLingeringToo",
                         {client().init(100), server().abort(), client().init(100), client().init(101)},
                         {"client 2/1 rst not_applicable first_packet seg0",
                          "client 1/0 forced_end not_applicable first_packet seg0"}},
                    Case{"AFragmentTellsNoTag",
                         {server().first_fragment(7), client().init(3), client().init(3)},
                         {"server 1/2 forced_end not_applicable first_packet seg0 frag=1"}},
                    Case{"Tag0IsNone",
                         {server().tag(0), client().init(100)},
                         {"server 1/1 forced_end not_applicable first_packet seg0"}}),
    name_of);

TEST(SctpClose, ImmediateEndsWithThePacket) {
  const LifeCycle immediate{.tcp_close = TcpClose::kImmediate};
  EXPECT_EQ(
      brief(immediate, {client(), server().abort(), client()}),
      (Rows{"client 1/1 rst not_applicable first_packet seg0", "client 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(SctpClose, AnInitInheritsNothing) {
  EXPECT_EQ(brief({}, {client(), server(), server().at(130_s)}),
            (Rows{"client 1/1 idle_timeout not_applicable first_packet seg0",
                  "client 0/1 forced_end not_applicable inherited seg1"}));
  EXPECT_EQ(brief({}, {client(), server(), server().init(500).at(130_s)}),
            (Rows{"client 1/1 idle_timeout not_applicable first_packet seg0",
                  "server 1/0 forced_end not_applicable first_packet seg0"}));
}

}  // namespace
}  // namespace flowgauge::test
