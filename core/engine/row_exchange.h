// Rows on their way from the workers to the writing thread, and their memory on its way back.
#pragma once

#include <cstddef>
#include <utility>

#include "core/engine/bounded_queue.h"
#include "core/engine/shard_rows.h"

namespace flowgauge {

inline constexpr std::size_t kRowsAhead = 4;  // results of a worker that wait for the writing thread

// Any thread may call any function.
class RowExchange {
 public:
  // One result of each worker is made, one is written, and one is on the way back.
  explicit RowExchange(std::size_t workers) : used_((kRowsAhead + 3) * workers) {}

  // Takes the full rows and leaves used ones in their place, to be filled again; new ones if there are none.
  [[nodiscard]] ShardRows take(ShardRows& full) { return std::exchange(full, used_.try_pop().value_or(ShardRows{})); }
  // They are written.
  void give_back(ShardRows rows) { used_.offer(std::move(rows)); }

 private:
  BoundedQueue<ShardRows> used_;
};

}  // namespace flowgauge
