// How SCTP associations begin and end flows (docs/semantics.md, section 3).
#include <gtest/gtest.h>

#include "tests/flow/table_driver.h"
#include "tests/support/event_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;

// 100 is the client's tag, 500 the server's: packets carry that of their receiver.
EventBuilder associate() { return event().sctp("10.0.0.1", 1000, "10.0.0.2", 2905).tag(500); }
EventBuilder answering() { return event().sctp("10.0.0.2", 2905, "10.0.0.1", 1000).tag(100); }

class SctpLife : public testing::TestWithParam<LifeCase> {};

TEST_P(SctpLife, Rows) { EXPECT_EQ(brief({}, GetParam().packets), GetParam().rows); }

INSTANTIATE_TEST_SUITE_P(
    Ends, SctpLife,
    testing::Values(LifeCase{"ShutdownCompleteEndsAFlow",
                             {associate().init(100), answering(), associate(), associate().shutdown_complete()},
                             {"client 3/1 fin not_applicable first_packet seg0"}},
                    LifeCase{"AbortEndsAFlow",
                             {associate().init(100), answering().abort()},
                             {"client 1/1 rst not_applicable first_packet seg0"}},
                    LifeCase{"TheFirstOfTwoEndsDecides",
                             {associate(), answering().shutdown_complete(), associate().abort()},
                             {"client 2/1 fin not_applicable first_packet seg0"}},
                    LifeCase{"WhatComesLateIsAbsorbed",
                             {associate(), answering().abort(), associate().at(5_s), associate().init(500).at(5_s)},
                             {"client 2/1 rst not_applicable first_packet seg0",
                              "client 1/0 forced_end not_applicable first_packet seg0"}}),
    name_of_case);

INSTANTIATE_TEST_SUITE_P(
    Begins, SctpLife,
    testing::Values(LifeCase{"TheSameTagIsARepetition",
                             {associate().init(100), associate().init(100), answering(), associate().init(100)},
                             {"client 3/1 forced_end not_applicable first_packet seg0"}},
                    LifeCase{
                        "AnotherTagIsAnotherAssociation",
                        {associate().init(100), answering(), associate(), associate().init(101), answering().tag(101)},
                        {"client 2/1 reuse not_applicable first_packet seg0",
                         "client 1/1 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"TheTagIsKnownFromTheOtherSidesPackets",
                             {answering(), associate().init(100)},
                             {"server 1/1 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"AndAnotherIsAnother",
                             {answering(), associate().init(101)},
                             {"server 1/0 reuse not_applicable first_packet seg0",
                              "client 1/0 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"BothSidesMayBegin",
                             {associate().init(100), answering().init(500), answering(), associate()},
                             {"client 2/2 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"OfASideWithoutTagThatHasSentOthersItIsAnother",
                             {associate(), associate().init(100)},
                             {"client 1/0 reuse not_applicable first_packet seg0",
                              "client 1/0 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"TheTagOfAnAbortMayBeTheSenders",
                             {answering().tag(500).abort(), associate().init(100)},
                             {"server 1/0 rst not_applicable first_packet seg0",
                              "client 1/0 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"WhileLingeringToo",
                             {associate().init(100), answering().abort(), associate().init(100), associate().init(101)},
                             {"client 2/1 rst not_applicable first_packet seg0",
                              "client 1/0 forced_end not_applicable first_packet seg0"}},
                    LifeCase{"AFragmentTellsNoTag",
                             {answering().first_fragment(7), associate().init(3), associate().init(3)},
                             {"server 1/2 forced_end not_applicable first_packet seg0 frag=1"}},
                    LifeCase{"Tag0IsNone",
                             {answering().tag(0), associate().init(100)},
                             {"server 1/1 forced_end not_applicable first_packet seg0"}}),
    name_of_case);

TEST(SctpClose, ImmediateEndsWithThePacket) {
  const LifeCycle immediate{.tcp_close = TcpClose::kImmediate};
  EXPECT_EQ(
      brief(immediate, {associate(), answering().abort(), associate()}),
      (Rows{"client 1/1 rst not_applicable first_packet seg0", "client 1/0 forced_end not_applicable inherited seg1"}));
}

TEST(SctpClose, AnInitInheritsNothing) {
  EXPECT_EQ(brief({}, {associate(), answering(), answering().at(130_s)}),
            (Rows{"client 1/1 idle_timeout not_applicable first_packet seg0",
                  "client 0/1 forced_end not_applicable inherited seg1"}));
  EXPECT_EQ(brief({}, {associate(), answering(), answering().init(500).at(130_s)}),
            (Rows{"client 1/1 idle_timeout not_applicable first_packet seg0",
                  "server 1/0 forced_end not_applicable first_packet seg0"}));
}

}  // namespace
}  // namespace flowgauge::test
