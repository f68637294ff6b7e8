#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TEST(PacketLength, SeriesOfBothDirectionsAndTheirSum) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(60), backward().length(52), forward().length(1500), backward().length(40),
                         forward().length(52)}),
            FG_OK);
  const TestRow expected = {
      // 60 + 1500 + 52 = 1612; 3,600 + 2,250,000 + 2,704 = 2,256,304
      {"fwd", SeriesCell{3, 1612, 2'256'304, 52, 1500}},
      // 52 + 40 = 92; 2,704 + 1,600 = 4,304
      {"bwd", SeriesCell{2, 92, 4'304, 40, 52}},
      // 1612 + 92 = 1704; 2,256,304 + 4,304 = 2,260,608
      {"flow", SeriesCell{5, 1704, 2'260'608, 40, 1500}},
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_EQ(host.row(), expected) << "emit changes nothing";
  EXPECT_TRUE(host.canaries_alive());
}

TEST(PacketLength, ASideThatSentNothingIsEmpty) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(100)}), FG_OK);
  const SeriesCell one{1, 100, 10'000, 100, 100};
  EXPECT_EQ(host.row(), (TestRow{{"flow", one}, {"fwd", one}, {"bwd", kNoValues}}));
}

TEST(PacketLength, LengthZeroIsAMinimumAndNoEmptySeries) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(0), forward().length(9)}), FG_OK);
  const SeriesCell both{2, 9, 81, 0, 9};
  EXPECT_EQ(host.row(), (TestRow{{"flow", both}, {"fwd", both}, {"bwd", kNoValues}}));
}

TEST(PacketLength, LaterFragmentsCount) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(1500).mark(FG_MARK_FIRST_FRAGMENT),
                         forward().length(500).mark(FG_MARK_LATER_FRAGMENT)}),
            FG_OK);
  // 1500 + 500 = 2000; 2,250,000 + 250,000 = 2,500,000
  const SeriesCell both{2, 2000, 2'500'000, 500, 1500};
  EXPECT_EQ(host.row(), (TestRow{{"flow", both}, {"fwd", both}, {"bwd", kNoValues}}));
}

// A jumbogram may have 2^32 - 1 bytes: its square is 2^64 - 2^33 + 1, so that a second one carries.
TEST(PacketLength, SquaresAreExactAbove64Bits) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(
      host.update({forward().length(4'294'967'295), backward().length(4'294'967'295), forward().length(4'294'967'295)}),
      FG_OK);
  const unsigned __int128 square = static_cast<unsigned __int128>(18'446'744'065'119'617'025U);
  const TestRow expected = {
      {"flow", SeriesCell{3, 12'884'901'885, 3 * square, 4'294'967'295, 4'294'967'295}},
      {"fwd", SeriesCell{2, 8'589'934'590, 2 * square, 4'294'967'295, 4'294'967'295}},
      {"bwd", SeriesCell{1, 4'294'967'295, square, 4'294'967'295, 4'294'967'295}},
  };
  EXPECT_EQ(host.row(), expected);
}

TEST(PacketLength, FlowsInOneBatchDoNotMix) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().of(0).length(10), forward().of(1).length(7), forward().of(0).length(20)}), FG_OK);
  const SeriesCell first{2, 30, 500, 10, 20};  // 100 + 400
  const SeriesCell second{1, 7, 49, 7, 7};
  EXPECT_THAT(host.emit(), testing::ElementsAre(TestRow{{"flow", first}, {"fwd", first}, {"bwd", kNoValues}},
                                                TestRow{{"flow", second}, {"fwd", second}, {"bwd", kNoValues}}));
}

TEST(PacketLength, BatchesOfAnySizeGiveTheSame) {
  std::vector<TestPacket> packets;
  packets.reserve(130);
  for (std::uint32_t i = 0; i < 130; ++i) packets.push_back((i % 3 == 0 ? backward() : forward()).length(40 + i * 11));
  FeatureHost whole(built_feature("packet_length"));
  ASSERT_EQ(whole.update(packets, 64), FG_OK);
  for (const std::size_t size : {1, 2, 63}) {
    FeatureHost split(built_feature("packet_length"));
    ASSERT_EQ(split.update(packets, size), FG_OK);
    EXPECT_EQ(split.row(), whole.row()) << "batches of " << size;
  }
}

// Erratum R23: lengths have 32 bits, not 16. 65,536^2 = 4,294,967,296.
TEST(PacketLength, LengthsAbove16Bits) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(65'536)}), FG_OK);
  const SeriesCell one{1, 65'536, 4'294'967'296, 65'536, 65'536};
  EXPECT_EQ(host.row(), (TestRow{{"flow", one}, {"fwd", one}, {"bwd", kNoValues}}));
}

// Counts and sums are the host's.
TEST(PacketLength, SumsGoOnAbove32Bits) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(2), backward().length(3)}), FG_OK);
  host.pretend_packets(0, 0x1'0000'0000, 0x2'0000'0000);
  host.flow(0).bytes[FG_FORWARD] = 0x2'0000'0000;
  host.flow(0).bytes[FG_BACKWARD] = 0x6'0000'0000;
  EXPECT_EQ(host.row(), (TestRow{{"flow", SeriesCell{0x3'0000'0000, 0x8'0000'0000, 13, 2, 3}},
                                 {"fwd", SeriesCell{0x1'0000'0000, 0x2'0000'0000, 4, 2, 2}},
                                 {"bwd", SeriesCell{0x2'0000'0000, 0x6'0000'0000, 9, 3, 3}}}));
}

TEST(PacketLength, SnapshotsShowThePacketsSoFar) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(5)}), FG_OK);
  const SeriesCell five{1, 5, 25, 5, 5};
  EXPECT_EQ(host.row(), (TestRow{{"flow", five}, {"fwd", five}, {"bwd", kNoValues}}));
  ASSERT_EQ(host.update({backward().length(3)}), FG_OK);
  EXPECT_EQ(host.row(),
            (TestRow{{"flow", SeriesCell{2, 8, 34, 3, 5}}, {"fwd", five}, {"bwd", SeriesCell{1, 3, 9, 3, 3}}}));
}

TEST(PacketLength, WritesWantedColumnsAlone) {
  FeatureHost host(built_feature("packet_length"));
  ASSERT_EQ(host.update({forward().length(100)}), FG_OK);
  EXPECT_THAT(host.emit({"bwd"}), testing::ElementsAre(TestRow{{"bwd", kNoValues}}));
}

}  // namespace
}  // namespace flowgauge::test
