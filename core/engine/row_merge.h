// Merges the rows of several shards into the order of their release, which does not depend on the number of shards.
// Single-threaded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/engine/shard_rows.h"

namespace flowgauge {

class RowMerge {
 public:
  explicit RowMerge(std::size_t shards) : shards_(shards) {}

  // The next rows of a shard, in order. Gives back those that it added before, which are all taken.
  [[nodiscard]] ShardRows add(std::size_t shard, ShardRows rows);
  // The shard will add nothing before what others add from now on: end of a block, or of its rows.
  void close(std::size_t shard) { shards_[shard].closed = true; }
  void reopen();
  // Nothing can be taken before this shard adds rows or closes.
  [[nodiscard]] bool needs(std::size_t shard) const { return shards_[shard].empty() && !shards_[shard].closed; }

  // All rows whose place is certain: those before the first row that an open shard may still add. Valid until the next
  // call of add() or take().
  std::span<const ShardRun> take();

 private:
  struct Pending {
    ShardRows rows;
    std::size_t next = 0;
    bool closed = false;
    [[nodiscard]] bool empty() const { return next == rows.order.size(); }
  };

  std::vector<Pending> shards_;
  std::vector<ShardRun> runs_;
};

}  // namespace flowgauge
