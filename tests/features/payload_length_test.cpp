#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 payload_length_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/payload_length.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestRow payloads(SeriesCell flow, SeriesCell fwd, SeriesCell bwd, std::uint64_t fwd_packets,
                 std::uint64_t bwd_packets) {
  return {{"flow", flow}, {"fwd", fwd}, {"bwd", bwd}, {"fwd_packets", fwd_packets}, {"bwd_packets", bwd_packets}};
}

TEST(PayloadLength, EveryPacketIsAValueThoseWithPayloadAreCounted) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().flags(kSyn).payload_length(0), backward().flags(kSyn | kAck).payload_length(0),
                         forward().flags(kAck).payload_length(100), forward().flags(kAck).payload_length(1),
                         backward().flags(kAck).payload_length(1448), forward().flags(kAck).payload_length(0)}),
            FG_OK);
  const TestRow expected = payloads(  // 101 + 1448 = 1549; 10,001 + 2,096,704 = 2,106,705
      SeriesCell{6, 1549, 2'106'705, 0, 1448},
      // 0, 100, 1, 0; 10,000 + 1
      SeriesCell{4, 101, 10'001, 0, 100},
      // 0, 1448; 1448^2 = 2,096,704
      SeriesCell{2, 1448, 2'096'704, 0, 1448}, 2, 1);
  EXPECT_EQ(host.row(), expected);
  EXPECT_EQ(host.row(), expected) << "emit changes nothing";
  EXPECT_TRUE(host.canaries_alive());
}

TEST(PayloadLength, ASideThatSentNothingIsEmpty) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({backward().payload_length(7)}), FG_OK);
  const SeriesCell one{1, 7, 49, 7, 7};
  EXPECT_EQ(host.row(), payloads(one, kNoValues, one, 0, 1));
}

TEST(PayloadLength, ZeroAloneIsNoEmptySeries) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().payload_length(0)}), FG_OK);
  const SeriesCell zero{1, 0, 0, 0, 0};
  EXPECT_EQ(host.row(), payloads(zero, zero, kNoValues, 0, 0));
}

// Semantics 1: a later fragment has no L4 header, all of it behind the IP header is payload.
TEST(PayloadLength, LaterFragmentsAndOtherProtocolsCount) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().protocol(17).header(8).payload_length(1472).mark(FG_MARK_FIRST_FRAGMENT),
                         forward().protocol(17).payload_length(520).mark(FG_MARK_LATER_FRAGMENT)}),
            FG_OK);
  // 1472 + 520 = 1992; 2,166,784 + 270,400 = 2,437,184
  const SeriesCell both{2, 1992, 2'437'184, 520, 1472};
  EXPECT_EQ(host.row(), payloads(both, both, kNoValues, 2, 0));
}

// Erratum R23: lengths have 32 bits. (2^32 - 1)^2 = 2^64 - 2^33 + 1.
TEST(PayloadLength, PayloadsAbove16Bits) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().payload_length(65'536), backward().payload_length(4'294'967'295),
                         backward().payload_length(4'294'967'295)}),
            FG_OK);
  const SeriesCell fwd{1, 65'536, 4'294'967'296, 65'536, 65'536};
  const unsigned __int128 square = 18'446'744'065'119'617'025U;
  const SeriesCell bwd{2, 8'589'934'590, 2 * square, 4'294'967'295, 4'294'967'295};
  const SeriesCell flow{3, 8'590'000'126, 2 * square + 4'294'967'296U, 65'536, 4'294'967'295};
  EXPECT_EQ(host.row(), payloads(flow, fwd, bwd, 1, 2));
}

TEST(PayloadLength, CountsGoOnAbove32Bits) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().payload_length(1), backward().payload_length(1)}), FG_OK);
  host.state_as<PayloadLength>(0).with_payload[0] = 0xffff'ffff;
  host.state_as<PayloadLength>(0).with_payload[1] = 0xff'ffff'ffff;
  ASSERT_EQ(host.update({forward().payload_length(1), forward().payload_length(0), backward().payload_length(1)}),
            FG_OK);
  const TestRow row = host.row();
  EXPECT_EQ(row.at("fwd_packets"), Cell(std::uint64_t{0x1'0000'0000}));
  EXPECT_EQ(row.at("bwd_packets"), Cell(std::uint64_t{0x100'0000'0000}));
}

TEST(PayloadLength, FlowsInOneBatchDoNotMix) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().of(0).payload_length(10), backward().of(1).payload_length(7),
                         forward().of(0).payload_length(20), forward().of(1).payload_length(0)}),
            FG_OK);
  const SeriesCell first{2, 30, 500, 10, 20};  // 100 + 400
  const SeriesCell seven{1, 7, 49, 7, 7};
  const SeriesCell zero{1, 0, 0, 0, 0};
  EXPECT_THAT(host.emit(), testing::ElementsAre(payloads(first, first, kNoValues, 2, 0),
                                                payloads(SeriesCell{2, 7, 49, 0, 7}, zero, seven, 0, 1)));
}

TEST(PayloadLength, SnapshotsShowThePayloadSoFar) {
  FeatureHost host(built_feature("payload_length"));
  ASSERT_EQ(host.update({forward().payload_length(5)}), FG_OK);
  const SeriesCell five{1, 5, 25, 5, 5};
  EXPECT_EQ(host.row(), payloads(five, five, kNoValues, 1, 0));
  ASSERT_EQ(host.update({forward().payload_length(3)}), FG_OK);
  const SeriesCell both{2, 8, 34, 3, 5};  // 25 + 9
  EXPECT_EQ(host.row(), payloads(both, both, kNoValues, 2, 0));
}

}  // namespace
}  // namespace flowgauge::test
