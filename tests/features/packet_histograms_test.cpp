#include <gtest/gtest.h>

#include <cstring>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

using Counts = std::vector<std::uint64_t>;

std::vector<fg_value> of(const char* which) {
  fg_value choice{};
  choice.string = {which, std::strlen(which)};
  return {choice};
}

TEST(PacketHistograms, EachBinHasBothEnds) {
  FeatureHost host(built_feature("packet_histograms"), of("all"));
  std::vector<TestPacket> packets;
  for (const std::uint32_t bytes : {0U, 15U, 16U, 31U, 32U, 63U, 64U, 127U, 128U, 255U, 256U, 511U, 512U, 1'023U,
                                    1'024U, 65'535U, 4'294'967'295U}) {
    packets.push_back(forward().payload_length(bytes));
  }
  ASSERT_EQ(host.update(packets), FG_OK);
  // 17 packets at one time are 16 gaps of 0 ms.
  const TestRow expected = {{"fwd_payload", Counts{2, 2, 2, 2, 2, 2, 2, 3}},
                            {"bwd_payload", Counts(8)},
                            {"fwd_gaps", Counts{16, 0, 0, 0, 0, 0, 0, 0}},
                            {"bwd_gaps", Counts(8)}};
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
}

// Gaps of a direction in whole milliseconds: 15.999999 ms is 15; none to an older packet, and the next counts from the
// newest.
TEST(PacketHistograms, GapsOfEachDirection) {
  FeatureHost host(built_feature("packet_histograms"), of("all"));
  ASSERT_EQ(
      host.update({forward().at(5 * kMillisecond), backward().at(6 * kMillisecond), forward().at(21 * kMillisecond - 1),
                   forward().at(37 * kMillisecond - 1), backward().at(6 * kMillisecond + 1'023 * kMillisecond),
                   backward().at(20 * kMillisecond), backward().at(6 * kMillisecond + 2'047 * kMillisecond)}),
      FG_OK);
  EXPECT_EQ(host.row().at("fwd_gaps"), Cell(Counts{1, 1, 0, 0, 0, 0, 0, 0}));  // 15.999999 ms, 16
  EXPECT_EQ(host.row().at("bwd_gaps"), Cell(Counts{1, 0, 0, 0, 0, 0, 1, 1}));  // 1023, 0, 1024
}

TEST(PacketHistograms, OfPacketsWithPayload) {
  FeatureHost host(built_feature("packet_histograms"), of("payload"));
  ASSERT_EQ(host.update({forward().at(0), forward().at(kSecond).payload_length(100), forward().at(2 * kSecond),
                         forward().at(3 * kSecond).payload_length(1), backward().at(4 * kSecond)}),
            FG_OK);
  const TestRow expected = {{"fwd_payload", Counts{1, 0, 0, 1, 0, 0, 0, 0}},
                            {"bwd_payload", Counts(8)},
                            {"fwd_gaps", Counts{0, 0, 0, 0, 0, 0, 0, 1}},
                            {"bwd_gaps", Counts(8)}};
  EXPECT_EQ(host.row(), expected);
}

}  // namespace
}  // namespace flowgauge::test
