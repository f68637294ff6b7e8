#include <gmock/gmock.h>
#include <gtest/gtest.h>

#define fg_module_v1 window_size_source      // for the layout of its state; the feature itself comes from the .so
#include "plugins/features/window_size.cpp"  // NOLINT(bugprone-suspicious-include)
#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TestRow windows(SeriesCell flow, SeriesCell fwd, SeriesCell bwd, std::uint64_t fwd_init, std::uint64_t bwd_init) {
  return {{"flow", flow}, {"fwd", fwd}, {"bwd", bwd}, {"fwd_init", fwd_init}, {"bwd_init", bwd_init}};
}

TEST(WindowSize, SeriesOfBothDirectionsAndTheFirstOfEach) {
  FeatureHost host(built_feature("window_size"));
  ASSERT_EQ(host.update({forward().window(64'240), backward().window(65'535), forward().window(502),
                         backward().window(0), forward().window(501)}),
            FG_OK);
  const TestRow expected = windows(
      // 65,243 + 65,535 = 130,778; 4,127,280,605 + 4,294,836,225 = 8,422,116,830
      SeriesCell{5, 130'778, 8'422'116'830, 0, 65'535},
      // 64,240 + 502 + 501 = 65,243; 4,126,777,600 + 252,004 + 251,001 = 4,127,280,605
      SeriesCell{3, 65'243, 4'127'280'605, 501, 64'240},
      // 65,535 + 0; 65,535^2 = 4,294,836,225
      SeriesCell{2, 65'535, 4'294'836'225, 0, 65'535}, 64'240, 65'535);
  EXPECT_EQ(host.row(), expected);
  EXPECT_EQ(host.row(), expected) << "emit changes nothing";
  EXPECT_TRUE(host.canaries_alive());
}

TEST(WindowSize, OnePacket) {
  FeatureHost host(built_feature("window_size"));
  ASSERT_EQ(host.update({backward().window(300)}), FG_OK);
  const SeriesCell one{1, 300, 90'000, 300, 300};
  EXPECT_EQ(host.row(), windows(one, kNoValues, one, 0, 300));
}

// Of the packet that arrived first, whatever it is: not the first greater than 0, not the oldest.
TEST(WindowSize, TheFirstWindowIsThatOfTheFirstArrival) {
  FeatureHost host(built_feature("window_size"));
  ASSERT_EQ(host.update({forward().at(0).window(0), forward().at(10).window(20), backward().at(50).window(9),
                         backward().at(40).window(8)}),
            FG_OK);
  // 0 + 20 + 9 + 8 = 37; 400 + 81 + 64 = 545
  EXPECT_EQ(host.row(),
            windows(SeriesCell{4, 37, 545, 0, 20}, SeriesCell{2, 20, 400, 0, 20}, SeriesCell{2, 17, 145, 8, 9}, 0, 9));
}

// Semantics 5: 0 for other protocols, and semantics 1: later fragments add 0.
TEST(WindowSize, OtherProtocolsAndLaterFragmentsAddZero) {
  FeatureHost host(built_feature("window_size"));
  ASSERT_EQ(host.update({forward().of(0).protocol(17), backward().of(0).protocol(17),
                         forward().of(1).window(10).mark(FG_MARK_FIRST_FRAGMENT),
                         forward().of(1).mark(FG_MARK_LATER_FRAGMENT)}),
            FG_OK);
  const SeriesCell zero{1, 0, 0, 0, 0};
  const SeriesCell fragmented{2, 10, 100, 0, 10};
  EXPECT_THAT(host.emit(), testing::ElementsAre(windows(SeriesCell{2, 0, 0, 0, 0}, zero, zero, 0, 0),
                                                windows(fragmented, fragmented, kNoValues, 10, 0)));
}

// 2^33 windows of 65,535: their squares, 4,294,836,225 * 2^33 = 36,892,362,256,102,195,200, are 2^64 +
// 18,445,618,182,392,643,584. Those of both directions carry once more.
TEST(WindowSize, SquaresAreExactAbove64Bits) {
  FeatureHost host(built_feature("window_size"));
  constexpr std::uint64_t many = std::uint64_t{1} << 33;
  constexpr unsigned __int128 square = 4'294'836'225U;
  ASSERT_EQ(host.update({forward().window(65'535), backward().window(65'535)}), FG_OK);
  host.pretend_packets(0, many - 1, many - 1);
  for (auto& side : host.state_as<WindowSize>(0).sides) {
    side.sum = 65'535 * (many - 1);
    side.squares = static_cast<std::uint64_t>(square * (many - 1));
    side.carries = static_cast<std::uint16_t>(square * (many - 1) >> 64);
  }
  ASSERT_EQ(host.update({forward().window(65'535), backward().window(65'535)}), FG_OK);
  const SeriesCell side{many, 562'941'363'486'720, square * many, 65'535, 65'535};  // 65,535 * 2^33
  const SeriesCell flow{2 * many, 1'125'882'726'973'440, 2 * square * many, 65'535, 65'535};
  EXPECT_EQ(host.row(), windows(flow, side, side, 65'535, 65'535));
}

// The addition that carries itself: 2^64 - 1 and the square of 2.
TEST(WindowSize, OneAdditionCarries) {
  FeatureHost host(built_feature("window_size"));
  ASSERT_EQ(host.update({forward().window(2)}), FG_OK);
  host.state_as<WindowSize>(0).sides[0].squares = ~std::uint64_t{0};
  ASSERT_EQ(host.update({forward().window(2)}), FG_OK);
  const SeriesCell both{2, 4, (static_cast<unsigned __int128>(1) << 64) + 3, 2, 2};
  EXPECT_EQ(host.row(), windows(both, both, kNoValues, 2, 0));
}

TEST(WindowSize, SnapshotsShowTheWindowsSoFar) {
  FeatureHost host(built_feature("window_size"));
  ASSERT_EQ(host.update({forward().window(3)}), FG_OK);
  const SeriesCell one{1, 3, 9, 3, 3};
  EXPECT_EQ(host.row(), windows(one, one, kNoValues, 3, 0));
  ASSERT_EQ(host.update({backward().window(4)}), FG_OK);
  EXPECT_EQ(host.row(), windows(SeriesCell{2, 7, 25, 3, 4}, one, SeriesCell{1, 4, 16, 4, 4}, 3, 4));
}

}  // namespace
}  // namespace flowgauge::test
