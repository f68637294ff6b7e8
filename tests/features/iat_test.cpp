#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TEST(Iat, GapsOfTheFlowAndOfEachDirection) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(
      host.update({forward().at(0), backward().at(100), forward().at(250), forward().at(260), backward().at(700)}),
      FG_OK);
  const TestRow expected = {
      // 100, 150, 10, 440: 700; 10,000 + 22,500 + 100 + 193,600 = 226,200
      {"iat", SeriesCell{4, 700, 226'200, 10, 440}},
      // 250, 10: 260; 62,500 + 100 = 62,600
      {"fwd", SeriesCell{2, 260, 62'600, 10, 250}},
      // 600; 360,000
      {"bwd", SeriesCell{1, 600, 360'000, 600, 600}},
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
}

TEST(Iat, OnePacketHasNoGap) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({backward().at(0)}), FG_OK);
  EXPECT_EQ(host.row(), (TestRow{{"iat", kNoValues}, {"fwd", kNoValues}, {"bwd", kNoValues}}));
}

TEST(Iat, EqualTimestampsAreAGapOfZero) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(0)}), FG_OK);
  const SeriesCell zero{1, 0, 0, 0, 0};
  EXPECT_EQ(host.row(), (TestRow{{"iat", zero}, {"fwd", zero}, {"bwd", kNoValues}}));
}

// Semantics 3, out of order: it contributes 0, and the next gap counts from the greatest timestamp so far.
TEST(Iat, OutOfOrderContributesZero) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(1000), backward().at(-500), forward().at(400),
                         forward().at(1700), backward().at(-900)}),
            FG_OK);
  const TestRow expected = {
      // 1000, 0, 0, 1700 - 1000 = 700, 0: 1700; 1,000,000 + 490,000
      {"iat", SeriesCell{5, 1700, 1'490'000, 0, 1000}},
      // 1000, 0 (400 is before 1000), 700
      {"fwd", SeriesCell{3, 1700, 1'490'000, 0, 1000}},
      // -900 is before -500: 0
      {"bwd", SeriesCell{1, 0, 0, 0, 0}},
  };
  EXPECT_EQ(host.row(), expected);
}

// A day is 8.64e13 ns; its square, 7.46496e27, needs 93 bits.
TEST(Iat, SquaresAreExactAbove64Bits) {
  constexpr std::int64_t day_ns = 86'400'000'000'000;
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(day_ns), forward().at(2 * day_ns)}), FG_OK);
  const unsigned __int128 square = static_cast<unsigned __int128>(day_ns) * day_ns;
  const SeriesCell days{2, 2 * day_ns, 2 * square, day_ns, day_ns};
  EXPECT_EQ(host.row(), (TestRow{{"iat", days}, {"fwd", days}, {"bwd", kNoValues}}));
}

// Totals are gaps that add up: from the packet that arrived first to the greatest timestamp, not from the oldest.
TEST(Iat, OutOfOrderRightAfterTheFirstOfADirection) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({forward().at(0), backward().at(500), backward().at(200), backward().at(900)}), FG_OK);
  const TestRow expected = {
      // 500, 0, 400: 900; 250,000 + 160,000
      {"iat", SeriesCell{3, 900, 410'000, 0, 500}},
      {"fwd", kNoValues},
      // 0 (200 is before 500), 900 - 500 = 400
      {"bwd", SeriesCell{2, 400, 160'000, 0, 400}},
  };
  EXPECT_EQ(host.row(), expected);
}

// All of a direction is older than the flow's first packet: its own gaps count all the same.
TEST(Iat, ADirectionOlderThanTheFlow) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({forward().at(0), backward().at(-500), backward().at(-900), backward().at(-100)}), FG_OK);
  const TestRow expected = {
      {"iat", SeriesCell{3, 0, 0, 0, 0}},
      {"fwd", kNoValues},
      // 0, -100 - -500 = 400
      {"bwd", SeriesCell{2, 400, 160'000, 0, 400}},
  };
  EXPECT_EQ(host.row(), expected);
}

TEST(Iat, SnapshotsShowTheGapsSoFar) {
  FeatureHost host(built_feature("iat"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(3)}), FG_OK);
  const SeriesCell three{1, 3, 9, 3, 3};
  EXPECT_EQ(host.row(), (TestRow{{"iat", three}, {"fwd", three}, {"bwd", kNoValues}}));
  ASSERT_EQ(host.update({backward().at(7)}), FG_OK);
  const TestRow later = {{"iat", SeriesCell{2, 7, 25, 3, 4}}, {"fwd", three}, {"bwd", kNoValues}};  // 3, 4
  EXPECT_EQ(host.row(), later);
  EXPECT_EQ(host.row(), later) << "emit changes nothing";
}

}  // namespace
}  // namespace flowgauge::test
