#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestPacket with_ttl(TestPacket packet, std::uint8_t ttl) {
  packet.fields.ttl = ttl;
  return packet;
}

TEST(Ttl, EveryPacketIsAValue) {
  FeatureHost host(built_feature("ttl"));
  ASSERT_EQ(host.update({with_ttl(forward(), 64), with_ttl(backward(), 255), with_ttl(forward(), 63),
                         with_ttl(backward().mark(FG_MARK_LATER_FRAGMENT), 0)}),
            FG_OK);
  // 64 + 63 = 127, 4096 + 3969 = 8065; 255 + 0, 65025
  const SeriesCell fwd{2, 127, 8'065, 63, 64};
  const SeriesCell bwd{2, 255, 65'025, 0, 255};
  const SeriesCell flow{4, 382, 73'090, 0, 255};
  EXPECT_EQ(host.row(), (TestRow{{"flow", flow},
                                 {"fwd", fwd},
                                 {"bwd", bwd},
                                 {"fwd_changes", std::uint64_t{1}},
                                 {"bwd_changes", std::uint64_t{1}}}));
  EXPECT_TRUE(host.canaries_alive());
}

TEST(Ttl, ASideThatSentNothingIsEmpty) {
  FeatureHost host(built_feature("ttl"));
  ASSERT_EQ(host.update({with_ttl(backward(), 1)}), FG_OK);
  const SeriesCell one{1, 1, 1, 1, 1};
  EXPECT_EQ(host.row(), (TestRow{{"flow", one},
                                 {"fwd", kNoValues},
                                 {"bwd", one},
                                 {"fwd_changes", std::uint64_t{0}},
                                 {"bwd_changes", std::uint64_t{0}}}));
}

// Of 64 64 63 64 64 0 the third, fourth and sixth are changes; the other side, between them, always has 64. A first
// packet is none, though its TTL differs from the zero bytes of the state.
TEST(Ttl, ChangesAreThoseOfADirection) {
  FeatureHost host(built_feature("ttl"));
  std::vector<TestPacket> packets;
  for (const std::uint8_t ttl : {64, 64, 63, 64, 64, 0}) {
    packets.push_back(with_ttl(forward(), ttl));
    packets.push_back(with_ttl(backward(), 64));
  }
  ASSERT_EQ(host.update(packets), FG_OK);
  EXPECT_EQ(host.row().at("fwd_changes"), Cell(std::uint64_t{3}));
  EXPECT_EQ(host.row().at("bwd_changes"), Cell(std::uint64_t{0}));
}

}  // namespace
}  // namespace flowgauge::test
