#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 header_length_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/header_length.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TEST(HeaderLength, SeriesOfBothDirectionsAndTheirSum) {
  FeatureHost host(built_feature("header_length"));
  ASSERT_EQ(host.update({forward().header(40), backward().header(44), forward().header(20), forward().header(32),
                         backward().header(20)}),
            FG_OK);
  const TestRow expected = {
      // 40 + 20 + 32 = 92; 1,600 + 400 + 1,024 = 3,024
      {"fwd", SeriesCell{3, 92, 3'024, 20, 40}},
      // 44 + 20 = 64; 1,936 + 400 = 2,336
      {"bwd", SeriesCell{2, 64, 2'336, 20, 44}},
      // 92 + 64 = 156; 3,024 + 2,336 = 5,360
      {"flow", SeriesCell{5, 156, 5'360, 20, 44}},
  };
  EXPECT_EQ(host.row(), expected);
  EXPECT_EQ(host.row(), expected) << "emit changes nothing";
  EXPECT_TRUE(host.canaries_alive());
}

TEST(HeaderLength, ASideThatSentNothingIsEmpty) {
  FeatureHost host(built_feature("header_length"));
  ASSERT_EQ(host.update({backward().header(20)}), FG_OK);
  const SeriesCell one{1, 20, 400, 20, 20};
  EXPECT_EQ(host.row(), (TestRow{{"flow", one}, {"fwd", kNoValues}, {"bwd", one}}));
}

// Semantics 1: SCTP 12, UDP 8, a protocol without a header of ours 0, a later fragment 0.
TEST(HeaderLength, HeadersOfOtherProtocolsAndLaterFragmentsAreValuesToo) {
  FeatureHost host(built_feature("header_length"));
  ASSERT_EQ(host.update({forward().protocol(132).header(12).of(0), forward().protocol(132).header(12).of(0),
                         forward().protocol(17).header(8).mark(FG_MARK_FIRST_FRAGMENT).of(1),
                         forward().protocol(17).header(0).mark(FG_MARK_LATER_FRAGMENT).of(1),
                         forward().protocol(50).header(0).of(2)}),
            FG_OK);
  const SeriesCell sctp{2, 24, 288, 12, 12};  // 144 + 144
  const SeriesCell fragmented{2, 8, 64, 0, 8};
  const SeriesCell esp{1, 0, 0, 0, 0};
  EXPECT_THAT(host.emit(), testing::ElementsAre(TestRow{{"flow", sctp}, {"fwd", sctp}, {"bwd", kNoValues}},
                                                TestRow{{"flow", fragmented}, {"fwd", fragmented}, {"bwd", kNoValues}},
                                                TestRow{{"flow", esp}, {"fwd", esp}, {"bwd", kNoValues}}));
}

// Erratum R6: all 8 bytes of an ICMP header are header.
TEST(HeaderLength, IcmpHas8Bytes) {
  FeatureHost host(built_feature("header_length"));
  ASSERT_EQ(host.update({forward().icmp(8, 0), backward().icmp(0, 0)}), FG_OK);
  const SeriesCell one{1, 8, 64, 8, 8};
  EXPECT_EQ(host.row(), (TestRow{{"flow", SeriesCell{2, 16, 128, 8, 8}}, {"fwd", one}, {"bwd", one}}));
}

TEST(HeaderLength, TheLongestHeader) {
  FeatureHost host(built_feature("header_length"));
  ASSERT_EQ(host.update({forward().header(60), backward().header(0)}), FG_OK);
  EXPECT_EQ(host.row(), (TestRow{{"flow", SeriesCell{2, 60, 3'600, 0, 60}},
                                 {"fwd", SeriesCell{1, 60, 3'600, 60, 60}},
                                 {"bwd", SeriesCell{1, 0, 0, 0, 0}}}));
}

// 2^33 headers of 20 bytes: 20 * 2^33 = 171,798,691,840; 400 * 2^33 = 3,435,973,836,800. Then one of 60.
TEST(HeaderLength, SumsGoOnAbove32Bits) {
  FeatureHost host(built_feature("header_length"));
  constexpr std::uint64_t many = std::uint64_t{1} << 33;
  ASSERT_EQ(host.update({forward().header(20)}), FG_OK);
  host.pretend_packets(0, many, 0);
  host.state_as<HeaderLength>(0).sum[0] = 20 * many;
  host.state_as<HeaderLength>(0).squares[0] = 400 * many;
  ASSERT_EQ(host.update({forward().header(60)}), FG_OK);
  const SeriesCell all{8'589'934'593, 171'798'691'900, 3'435'973'840'400, 20, 60};
  EXPECT_EQ(host.row(), (TestRow{{"flow", all}, {"fwd", all}, {"bwd", kNoValues}}));
}

TEST(HeaderLength, SnapshotsShowTheHeadersSoFar) {
  FeatureHost host(built_feature("header_length"));
  ASSERT_EQ(host.update({forward().header(24)}), FG_OK);
  const SeriesCell first{1, 24, 576, 24, 24};
  EXPECT_EQ(host.row(), (TestRow{{"flow", first}, {"fwd", first}, {"bwd", kNoValues}}));
  ASSERT_EQ(host.update({forward().header(20)}), FG_OK);
  const SeriesCell both{2, 44, 976, 20, 24};  // 576 + 400
  EXPECT_EQ(host.row(), (TestRow{{"flow", both}, {"fwd", both}, {"bwd", kNoValues}}));
}

}  // namespace
}  // namespace flowgauge::test
