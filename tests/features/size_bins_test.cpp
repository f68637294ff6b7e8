#include <gtest/gtest.h>

#include "tests/features/feature_host.h"

namespace flowgauge::test {
namespace {

TEST(SizeBins, EachBinHasItsUpperEnd) {
  FeatureHost host(built_feature("size_bins"));
  std::vector<TestPacket> packets;
  for (const std::uint32_t length :
       {0U, 128U, 129U, 256U, 257U, 512U, 513U, 514U, 1'024U, 1'025U, 1'514U, 1'515U, 65'535U, 4'294'967'295U}) {
    packets.push_back((packets.size() % 2 == 0 ? forward() : backward()).length(length));
  }
  ASSERT_EQ(host.update(packets), FG_OK);
  // Forward 0 129 257 513 1024 1514 65535, backward 128 256 512 514 1025 1515 4294967295.
  const std::uint64_t flow[] = {2, 2, 2, 3, 2, 3};
  const std::uint64_t fwd[] = {1, 1, 1, 2, 1, 1};
  const std::uint64_t bwd[] = {1, 1, 1, 1, 1, 2};
  const char* const bins[] = {"up_to_128", "up_to_256", "up_to_512", "up_to_1024", "up_to_1514", "above_1514"};
  TestRow expected;
  for (std::size_t i = 0; i < std::size(bins); ++i) {
    expected[bins[i]] = flow[i];
    expected[std::string("fwd_") + bins[i]] = fwd[i];
    expected[std::string("bwd_") + bins[i]] = bwd[i];
  }
  EXPECT_EQ(host.row(), expected);
  EXPECT_TRUE(host.canaries_alive());
}

}  // namespace
}  // namespace flowgauge::test
