#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestRow drops(Cell cell) { return {{"ring_drops", std::move(cell)}}; }

TEST(Quality, FromAFileNothingIsKnown) {
  FeatureHost host(built_feature("quality"));
  ASSERT_EQ(host.update({forward(), backward()}), FG_OK);
  EXPECT_EQ(host.row(), drops(Null{}));
}

TEST(Quality, LossesBetweenFirstAndLastPacketCount) {
  FeatureHost host(built_feature("quality"));
  host.lost_so_far(5);
  ASSERT_EQ(host.update({forward().of(0)}), FG_OK);
  host.lost_so_far(7);
  ASSERT_EQ(host.update({backward().of(0), forward().of(1)}), FG_OK);
  host.lost_so_far(12);
  ASSERT_EQ(host.update({forward().of(1), forward().of(2)}), FG_OK);
  // Flow 0: 7 - 5; flow 1: 12 - 7; flow 2 has one packet.
  EXPECT_EQ(host.emit(),
            (std::vector<TestRow>{drops(std::uint64_t{2}), drops(std::uint64_t{5}), drops(std::uint64_t{0})}));
  EXPECT_TRUE(host.canaries_alive());
}

TEST(Quality, ARingThatLostNothingIsNotTheAbsenceOfOne) {
  FeatureHost host(built_feature("quality"));
  host.lost_so_far(0);
  ASSERT_EQ(host.update({forward(), forward()}), FG_OK);
  EXPECT_EQ(host.row(), drops(std::uint64_t{0}));
}

TEST(Quality, TheGreatestCountsFit) {
  FeatureHost host(built_feature("quality"));
  host.lost_so_far(0);
  ASSERT_EQ(host.update({forward()}), FG_OK);
  host.lost_so_far(UINT64_MAX - 1);
  ASSERT_EQ(host.update({forward()}), FG_OK);
  EXPECT_EQ(host.row(), drops(UINT64_MAX - 1));
}

}  // namespace
}  // namespace flowgauge::test
