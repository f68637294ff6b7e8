#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 subflow_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/subflow.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestRow count(std::uint64_t subflows) { return {{"count", subflows}}; }

TestRow subflow_of(std::vector<TestPacket> packets) { return row_of("subflow", std::move(packets)); }

TEST(Subflow, OnePacketIsOne) { EXPECT_EQ(subflow_of({backward()}), count(1)); }

TEST(Subflow, AGapOfExactlyASecondIsWithin) { EXPECT_EQ(subflow_of({forward(), forward().at(kSecond)}), count(1)); }

TEST(Subflow, ANanosecondMoreBeginsAnother) { EXPECT_EQ(subflow_of({forward(), forward().at(kSecond + 1)}), count(2)); }

// Gaps are the flow's: 2 s after their direction's last packet, both come 1 s after the flow's.
TEST(Subflow, GapsAreBetweenPacketsOfTheFlow) {
  EXPECT_EQ(
      subflow_of({forward().at(0), backward().at(kSecond), forward().at(2 * kSecond), backward().at(3 * kSecond)}),
      count(1));
  // 1 + the gaps of 2 s and 3 s
  EXPECT_EQ(
      subflow_of({forward().at(0), backward().at(2 * kSecond), backward().at(3 * kSecond), forward().at(6 * kSecond)}),
      count(3));
}

TEST(Subflow, EqualTimestamps) { EXPECT_EQ(subflow_of({forward(), backward(), forward()}), count(1)); }

// A packet out of order has a gap of 0, the next gap counts from the greatest timestamp so far.
TEST(Subflow, OutOfOrder) {
  EXPECT_EQ(subflow_of({forward().at(0), forward().at(-9 * kSecond), forward().at(kSecond)}), count(1));
  EXPECT_EQ(subflow_of({forward().at(0), forward().at(5 * kSecond), forward().at(kSecond), forward().at(6 * kSecond)}),
            count(2));  // 1 + the gap of 5 s
  EXPECT_EQ(subflow_of({forward().at(0), forward().at(-9 * kSecond), forward().at(kSecond + 1)}), count(2));
}

TEST(Subflow, LaterFragmentsAndOtherProtocolsArePackets) {
  EXPECT_EQ(subflow_of({forward().protocol(17), forward().protocol(17).at(2 * kSecond).mark(FG_MARK_LATER_FRAGMENT),
                        forward().protocol(17).at(3 * kSecond)}),
            count(2));
}

TEST(Subflow, SnapshotsAndFlowsInOneBatch) {
  FeatureHost host(built_feature("subflow"));
  ASSERT_EQ(host.update({forward().of(0), forward().of(1), forward().of(0).at(2 * kSecond)}), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(count(2), count(1)));
  ASSERT_EQ(host.update({forward().of(1).at(2 * kSecond), forward().of(0).at(3 * kSecond)}), FG_OK);
  EXPECT_THAT(host.emit(), testing::ElementsAre(count(2), count(2)));
}

TEST(Subflow, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("subflow"));
  ASSERT_EQ(host.update({forward()}), FG_OK);
  host.state_as<::Subflow>(0).long_gaps = 0xffff'ffff;
  ASSERT_EQ(host.update({forward().at(2 * kSecond)}), FG_OK);
  EXPECT_EQ(host.row(), count(0x1'0000'0001));  // 1 + 2^32
}

}  // namespace
}  // namespace flowgauge::test
