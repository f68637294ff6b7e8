// Brings the rows of several shards into the one order they have, whatever the shards. Single-threaded.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/engine/shard.h"

namespace flowgauge {

class RowMerge {
 public:
  RowMerge(std::size_t shards, std::size_t outputs);

  // The next rows of a shard, in order; `rows` gives its memory away.
  void add(std::size_t shard, ShardRows&& rows);
  // The shard will add nothing before what others add from now on: end of a block, or of its rows.
  void close(std::size_t shard) { shards_[shard].closed = true; }
  void reopen();
  // Nothing can be taken before this shard adds rows or closes.
  [[nodiscard]] bool needs(std::size_t shard) const { return shards_[shard].empty() && !shards_[shard].closed; }

  // Appends to `texts`, one for each output, all rows whose place is certain: those before the first row that an open
  // shard may still add. Returns how many.
  std::uint64_t take(std::span<std::string> texts);

 private:
  struct Pending {
    ShardRows rows;
    std::size_t next = 0;
    bool closed = false;
    [[nodiscard]] bool empty() const { return next == rows.order.size(); }
  };

  std::vector<Pending> shards_;
};

}  // namespace flowgauge
