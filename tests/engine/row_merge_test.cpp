// Rows of several shards in one order.
#include "core/engine/row_merge.h"

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace flowgauge {
namespace {

// Rows that are numbers: append() takes them from nowhere.
class NumberedRows final : public RowBlock {
 public:
  NumberedRows(char shard, const std::vector<std::uint64_t>& frames) : shard_(shard), frames_(frames) {}
  void append(const OutputBatch& /*batch*/) override {}
  void cut(std::size_t rows) override { frames_.resize(rows); }
  [[nodiscard]] std::size_t rows() const override { return frames_.size(); }
  [[nodiscard]] std::string text(std::size_t row) const { return std::to_string(frames_[row]) + shard_ + "\n"; }

 private:
  char shard_;
  std::vector<std::uint64_t> frames_;
};

// One row for each frame, its text the frame's number and the shard's letter.
ShardRows rows(char shard, const std::vector<std::uint64_t>& frames) {
  ShardRows result;
  for (const std::uint64_t frame : frames) result.order.push_back({.frame = frame});
  result.outputs.push_back(std::make_unique<NumberedRows>(shard, frames));
  return result;
}

void add(RowMerge& merge, std::size_t shard, ShardRows rows) { (void)merge.add(shard, std::move(rows)); }

std::pair<std::uint64_t, std::string> take(RowMerge& merge) {
  std::uint64_t count = 0;
  std::string text;
  const ShardRows* before = nullptr;
  for (const ShardRun& run : merge.take()) {
    EXPECT_NE(run.rows, before) << "one run, not two";
    EXPECT_GT(run.count, 0U);
    before = run.rows;
    count += run.count;
    for (std::size_t row = run.first; row < run.first + run.count; ++row)
      text += static_cast<const NumberedRows&>(*run.rows->outputs[0]).text(row);
  }
  return {count, text};
}

using Taken = std::pair<std::uint64_t, std::string>;

TEST(RowMerge, MergesWholeBlocks) {
  RowMerge merge(3);
  add(merge, 0, rows('a', {1, 5, 6}));
  add(merge, 1, rows('b', {2, 3}));
  add(merge, 2, rows('c', {}));
  for (std::size_t shard = 0; shard < 3; ++shard) merge.close(shard);
  EXPECT_EQ(take(merge), Taken(5, "1a\n2b\n3b\n5a\n6a\n"));
  merge.reopen();
  add(merge, 0, rows('a', {}));
  add(merge, 1, rows('b', {9}));
  add(merge, 2, rows('c', {8}));
  for (std::size_t shard = 0; shard < 3; ++shard) merge.close(shard);
  EXPECT_EQ(take(merge), Taken(2, "8c\n9b\n"));
}

TEST(RowMerge, WaitsForAShardThatMayStillAdd) {
  RowMerge merge(2);
  add(merge, 0, rows('a', {1, 4}));
  EXPECT_TRUE(merge.needs(1));
  EXPECT_EQ(take(merge), Taken(0, ""));
  add(merge, 1, rows('b', {2, 3}));
  EXPECT_FALSE(merge.needs(1));
  EXPECT_EQ(take(merge), Taken(3, "1a\n2b\n3b\n"));
  EXPECT_TRUE(merge.needs(1));
  add(merge, 1, rows('b', {5}));
  EXPECT_EQ(take(merge), Taken(1, "4a\n"));
  merge.close(0);
  EXPECT_EQ(take(merge), Taken(1, "5b\n"));
  merge.close(1);
  EXPECT_EQ(take(merge), Taken(0, ""));
}

TEST(RowMerge, OrdersByAllOfTheReleaseOrder) {
  RowMerge merge(2);
  ShardRows first = rows('a', {7, 7, 7});
  first.order = {{.frame = 7, .cause = ReleaseCause::kSweep, .deadline_ns = 5, .creation = 9},
                 {.frame = 7, .cause = ReleaseCause::kSnapshot},
                 {.frame = 7, .cause = ReleaseCause::kClose}};
  ShardRows second = rows('b', {7, 7, 7});
  second.order = {{.frame = 7, .cause = ReleaseCause::kSweep, .deadline_ns = 4, .creation = 10},
                  {.frame = 7, .cause = ReleaseCause::kSweep, .deadline_ns = 5, .creation = 8},
                  {.frame = 7, .cause = ReleaseCause::kEviction}};
  add(merge, 0, std::move(first));
  add(merge, 1, std::move(second));
  merge.close(0);
  merge.close(1);
  EXPECT_EQ(take(merge), Taken(6, "7b\n7b\n7a\n7a\n7b\n7a\n"));
}

TEST(RowMerge, GivesBackWhatIsTaken) {
  RowMerge merge(2);
  EXPECT_TRUE(merge.add(0, rows('a', {1, 2, 3})).outputs.empty());
  merge.close(1);
  EXPECT_EQ(take(merge), Taken(3, "1a\n2a\n3a\n"));
  const ShardRows back = merge.add(0, rows('a', {4}));
  ASSERT_EQ(back.outputs.size(), 1U);
  EXPECT_EQ(back.outputs[0]->rows(), 3U);
}

}  // namespace
}  // namespace flowgauge
