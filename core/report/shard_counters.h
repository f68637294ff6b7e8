// What one shard, or all of them together, did: packets, flows, rows, cells. Complete when its flows are drained.
#pragma once

#include <cstdint>
#include <vector>

#include "core/flow/flow_table.h"
#include "core/plugin/cell_notes.h"
#include "core/plugin/feature_counters.h"

namespace flowgauge {

struct LabelCounters {
  std::vector<std::uint64_t> rows_by_rule;  // empty without labels
  std::uint64_t rows_without = 0;

  LabelCounters& operator+=(const LabelCounters& other);
  bool operator==(const LabelCounters&) const = default;
};

struct ShardCounters {
  FlowCounters flows;
  std::uint64_t rows = 0;             // snapshots included
  std::uint64_t packets_in_rows = 0;  // of final rows: must equal flows.packets
  std::uint64_t cut_cells = 0;        // strings and lists that did not fit into a row
  CellNotes cell_notes;               // what had to be done with cells of plugins
  LabelCounters labels;
  FeatureCounters features{};

  ShardCounters& operator+=(const ShardCounters& other);
  bool operator==(const ShardCounters&) const = default;
};

}  // namespace flowgauge
