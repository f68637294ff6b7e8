// Rows of several shards in one order.
#include "core/engine/row_merge.h"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace flowgauge {
namespace {

// One row for each frame, its text the frame's number and the shard's letter; the second output has the text twice.
ShardRows rows(char shard, const std::vector<std::uint64_t>& frames) {
  ShardRows result;
  result.outputs.resize(2);
  for (const std::uint64_t frame : frames) {
    result.order.push_back({.frame = frame});
    const std::string text = std::to_string(frame) + shard + "\n";
    result.outputs[0].bytes += text;
    result.outputs[1].bytes += text + text;
    for (ShardRows::Text& output : result.outputs) output.row_ends.push_back(output.bytes.size());
  }
  return result;
}

std::pair<std::uint64_t, std::string> take(RowMerge& merge) {
  std::vector<std::string> texts(2);
  const std::uint64_t count = merge.take(texts);
  EXPECT_EQ(texts[1].size(), 2 * texts[0].size());
  return {count, texts[0]};
}

using Taken = std::pair<std::uint64_t, std::string>;

TEST(RowMerge, MergesWholeBlocks) {
  RowMerge merge(3, 2);
  merge.add(0, rows('a', {1, 5, 6}));
  merge.add(1, rows('b', {2, 3}));
  merge.add(2, rows('c', {}));
  for (std::size_t shard = 0; shard < 3; ++shard) merge.close(shard);
  EXPECT_EQ(take(merge), Taken(5, "1a\n2b\n3b\n5a\n6a\n"));
  merge.reopen();
  merge.add(0, rows('a', {}));
  merge.add(1, rows('b', {9}));
  merge.add(2, rows('c', {8}));
  for (std::size_t shard = 0; shard < 3; ++shard) merge.close(shard);
  EXPECT_EQ(take(merge), Taken(2, "8c\n9b\n"));
}

TEST(RowMerge, WaitsForAShardThatMayStillAdd) {
  RowMerge merge(2, 2);
  merge.add(0, rows('a', {1, 4}));
  EXPECT_TRUE(merge.needs(1));
  EXPECT_EQ(take(merge), Taken(0, ""));
  merge.add(1, rows('b', {2, 3}));
  EXPECT_FALSE(merge.needs(1));
  EXPECT_EQ(take(merge), Taken(3, "1a\n2b\n3b\n"));
  EXPECT_TRUE(merge.needs(1));
  merge.add(1, rows('b', {5}));
  EXPECT_EQ(take(merge), Taken(1, "4a\n"));
  merge.close(0);
  EXPECT_EQ(take(merge), Taken(1, "5b\n"));
  merge.close(1);
  EXPECT_EQ(take(merge), Taken(0, ""));
}

TEST(RowMerge, OrdersByAllOfTheReleaseOrder) {
  RowMerge merge(2, 2);
  ShardRows first = rows('a', {7, 7, 7});
  first.order = {{.frame = 7, .cause = ReleaseCause::kSweep, .deadline_ns = 5, .creation = 9},
                 {.frame = 7, .cause = ReleaseCause::kSnapshot},
                 {.frame = 7, .cause = ReleaseCause::kClose}};
  ShardRows second = rows('b', {7, 7, 7});
  second.order = {{.frame = 7, .cause = ReleaseCause::kSweep, .deadline_ns = 4, .creation = 10},
                  {.frame = 7, .cause = ReleaseCause::kSweep, .deadline_ns = 5, .creation = 8},
                  {.frame = 7, .cause = ReleaseCause::kEviction}};
  merge.add(0, std::move(first));
  merge.add(1, std::move(second));
  merge.close(0);
  merge.close(1);
  EXPECT_EQ(take(merge), Taken(6, "7b\n7b\n7a\n7a\n7b\n7a\n"));
}

}  // namespace
}  // namespace flowgauge
