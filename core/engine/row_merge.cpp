#include "core/engine/row_merge.h"

#include <cassert>
#include <utility>

namespace flowgauge {

ShardRows RowMerge::add(std::size_t shard, ShardRows rows) {
  Pending& pending = shards_[shard];
  assert(pending.empty());
  pending.next = 0;
  return std::exchange(pending.rows, std::move(rows));
}

void RowMerge::reopen() {
  for (Pending& pending : shards_) pending.closed = false;
}

std::span<const ShardRun> RowMerge::take() {
  runs_.clear();
  for (;;) {
    Pending* first = nullptr;
    for (Pending& pending : shards_) {
      if (pending.empty()) {
        if (!pending.closed) return runs_;
      } else if (first == nullptr || pending.rows.order[pending.next] < first->rows.order[first->next]) {
        first = &pending;
      }
    }
    if (first == nullptr) return runs_;
    if (!runs_.empty() && runs_.back().rows == &first->rows)
      ++runs_.back().count;
    else
      runs_.push_back({&first->rows, first->next, 1});
    ++first->next;
  }
}

}  // namespace flowgauge
