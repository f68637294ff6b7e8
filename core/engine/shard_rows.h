// Rows that one shard made, for each output the same flows; and runs of them, as the merge of shards yields them.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "core/packet/batch.h"
#include "core/table/row_sink.h"

namespace flowgauge {

struct ShardRows {
  std::vector<ReleaseOrder> order;                 // of each row, ascending
  std::vector<std::unique_ptr<RowBlock>> outputs;  // as Plan::outputs; none before they are first filled

  void clear() {
    order.clear();
    for (const std::unique_ptr<RowBlock>& block : outputs) block->cut(0);
  }
};

struct ShardRun {
  const ShardRows* rows;
  std::size_t first;
  std::size_t count;
};

}  // namespace flowgauge
