#include "core/engine/row_merge.h"

#include <cassert>
#include <utility>

namespace flowgauge {

RowMerge::RowMerge(std::size_t shards, std::size_t outputs) : shards_(shards) {
  for (Pending& pending : shards_) pending.rows.outputs.resize(outputs);
}

void RowMerge::add(std::size_t shard, ShardRows&& rows) {
  assert(shards_[shard].empty());
  std::swap(shards_[shard].rows, rows);
  shards_[shard].next = 0;
}

void RowMerge::reopen() {
  for (Pending& pending : shards_) pending.closed = false;
}

std::uint64_t RowMerge::take(std::span<std::string> texts) {
  std::uint64_t taken = 0;
  for (;;) {
    Pending* first = nullptr;
    for (Pending& pending : shards_) {
      if (pending.empty()) {
        if (!pending.closed) return taken;
      } else if (first == nullptr || pending.rows.order[pending.next] < first->rows.order[first->next]) {
        first = &pending;
      }
    }
    if (first == nullptr) return taken;
    const std::size_t row = first->next++;
    for (std::size_t i = 0; i < texts.size(); ++i) {
      const ShardRows::Text& text = first->rows.outputs[i];
      const std::size_t begin = row == 0 ? 0 : text.row_ends[row - 1];
      texts[i].append(text.bytes, begin, text.row_ends[row] - begin);
    }
    ++taken;
  }
}

}  // namespace flowgauge
