#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TEST(Timing, FirstAndLastOfEachDirection) {
  FeatureHost host(built_feature("timing"));
  ASSERT_EQ(host.update({forward().at(0), backward().at(30), forward().at(100), backward().at(90)}), FG_OK);
  const TestRow expected = {
      {"fwd_first", std::int64_t{0}},  {"fwd_last", std::int64_t{100}}, {"fwd_duration", std::uint64_t{100}},
      {"bwd_first", std::int64_t{30}}, {"bwd_last", std::int64_t{90}},  {"bwd_duration", std::uint64_t{60}},  // 90 - 30
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
}

TEST(Timing, ASideThatSentNothingWasNeverSeen) {
  FeatureHost host(built_feature("timing"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(5)}), FG_OK);
  const TestRow expected = {
      {"fwd_first", std::int64_t{0}}, {"fwd_last", std::int64_t{5}}, {"fwd_duration", std::uint64_t{5}},
      {"bwd_first", Never{}},         {"bwd_last", Never{}},         {"bwd_duration", std::uint64_t{0}},
  };
  EXPECT_EQ(host.row(), expected);
}

// The first packet of the flow in order of arrival is the zero of its times; others may be older.
TEST(Timing, APacketOlderThanTheFirstMovesTheFirstBack) {
  FeatureHost host(built_feature("timing"));
  ASSERT_EQ(
      host.update({forward().at(0), backward().at(-40), forward().at(-25), backward().at(-70), forward().at(-10)}),
      FG_OK);
  const TestRow expected = {
      {"fwd_first", std::int64_t{-25}},    {"fwd_last", std::int64_t{0}},
      {"fwd_duration", std::uint64_t{25}}, {"bwd_first", std::int64_t{-70}},
      {"bwd_last", std::int64_t{-40}},     {"bwd_duration", std::uint64_t{30}},  // 70 - 40
  };
  EXPECT_EQ(host.row(), expected);
}

// The first of a direction in time is not the first in arrival.
TEST(Timing, OutOfOrderRightAfterTheFirstOfADirection) {
  FeatureHost host(built_feature("timing"));
  ASSERT_EQ(host.update({forward().at(0), backward().at(500), backward().at(200), backward().at(900)}), FG_OK);
  const TestRow expected = {
      {"fwd_first", std::int64_t{0}},   {"fwd_last", std::int64_t{0}},   {"fwd_duration", std::uint64_t{0}},
      {"bwd_first", std::int64_t{200}}, {"bwd_last", std::int64_t{900}}, {"bwd_duration", std::uint64_t{700}},
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_EQ(host.row(), expected) << "emit changes nothing";
}

TEST(Timing, KeepsNothing) { EXPECT_EQ(built_feature("timing").state_size, 0U) << "the host has the times"; }

TEST(Timing, SeesNoClock) { EXPECT_EQ(built_feature("timing").needs, FG_NEEDS_NOTHING); }

}  // namespace
}  // namespace flowgauge::test
