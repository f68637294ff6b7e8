#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TEST(LengthBins, EachBinHasItsUpperEnd) {
  FeatureHost host(built_feature("length_bins"));
  std::vector<TestPacket> packets;
  for (const std::uint32_t length :
       {0U, 128U, 129U, 256U, 257U, 512U, 513U, 514U, 1'024U, 1'025U, 1'514U, 1'515U, 65'535U, 4'294'967'295U}) {
    packets.push_back((packets.size() % 2 == 0 ? forward() : backward()).length(length));
  }
  ASSERT_EQ(host.update(packets), FG_OK);
  const TestRow expected = {{"up_to_128", std::uint64_t{2}},  {"up_to_256", std::uint64_t{2}},
                            {"up_to_512", std::uint64_t{2}},  {"up_to_1024", std::uint64_t{3}},
                            {"up_to_1514", std::uint64_t{2}}, {"above_1514", std::uint64_t{3}}};
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
}

}  // namespace
}  // namespace flowgauge::test
