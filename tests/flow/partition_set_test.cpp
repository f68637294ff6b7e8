// Sets of partitions: their texts, and how workers share them.
#include "core/flow/partition_set.h"

#include <gtest/gtest.h>

#include <string>

namespace flowgauge::test {
namespace {

std::string read_back(const char* text) {
  const auto set = parse_partitions(text);
  return set ? partitions_text(*set) : "error: " + set.error().message;
}

TEST(PartitionSet, ReadsNumbersAndRanges) {
  EXPECT_EQ(read_back("0-63"), "0-63");
  EXPECT_EQ(read_back("200,0-9"), "0-9,200");
  EXPECT_EQ(read_back("1,2,3,5,4"), "1-5");
  EXPECT_EQ(read_back("255"), "255");
  EXPECT_EQ(read_back("0-127,128-255"), "0-255");
  EXPECT_TRUE(parse_partitions("0-255")->is_all());
  EXPECT_FALSE(parse_partitions("0-254")->is_all());
}

TEST(PartitionSet, RefusesWhatIsNeither) {
  for (const char* text : {"", "256", "9-3", "-3", "3-", "1,,2", "1,", "0-63-70", "a", " 1", "0-256", "+1"})
    EXPECT_FALSE(parse_partitions(text)) << text;
  EXPECT_EQ(read_back("0-9,x"), "error: 'x' is neither a number from 0 to 255 nor a range of them, as 0-63");
}

TEST(PartitionSet, WorkersShareItWithoutRest) {
  const PartitionSet some = *parse_partitions("0,4,8,12,16-255");
  for (const std::uint32_t workers : {1U, 3U, 4U, 300U}) {
    PartitionSet together;
    std::size_t size = 0;
    for (std::uint32_t worker = 0; worker < workers; ++worker) {
      const PartitionSet share = some.share(worker, workers);
      size += share.size();
      EXPECT_LE(share.size(), some.size() / workers + 1);
      for (unsigned partition = 0; partition < kPartitions; ++partition)
        if (share.contains(static_cast<std::uint8_t>(partition))) together.add(static_cast<std::uint8_t>(partition));
    }
    EXPECT_EQ(size, some.size()) << workers;
    EXPECT_EQ(together, some) << workers;
  }
}

}  // namespace
}  // namespace flowgauge::test
