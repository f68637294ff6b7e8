#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestPacket with_ttl(TestPacket packet, std::uint8_t ttl) {
  packet.fields.ttl = ttl;
  return packet;
}

TEST(HopLimit, EveryPacketIsAValue) {
  FeatureHost host(built_feature("hop_limit"));
  ASSERT_EQ(host.update({with_ttl(forward(), 64), with_ttl(backward(), 255), with_ttl(forward(), 63),
                         with_ttl(backward().mark(FG_MARK_LATER_FRAGMENT), 0)}),
            FG_OK);
  // 64 + 63 = 127, 4096 + 3969 = 8065; 255 + 0, 65025
  const SeriesCell fwd{2, 127, 8'065, 63, 64};
  const SeriesCell bwd{2, 255, 65'025, 0, 255};
  const SeriesCell flow{4, 382, 73'090, 0, 255};
  EXPECT_EQ(host.row(), (TestRow{{"flow", flow}, {"fwd", fwd}, {"bwd", bwd}}));
  EXPECT_TRUE(host.canaries_alive());
}

TEST(HopLimit, ASideThatSentNothingIsEmpty) {
  FeatureHost host(built_feature("hop_limit"));
  ASSERT_EQ(host.update({with_ttl(backward(), 1)}), FG_OK);
  const SeriesCell one{1, 1, 1, 1, 1};
  EXPECT_EQ(host.row(), (TestRow{{"flow", one}, {"fwd", kNoValues}, {"bwd", one}}));
}

}  // namespace
}  // namespace flowgauge::test
