#include "core/report/shard_counters.h"

#include <cstddef>

namespace flowgauge {

LabelCounters& LabelCounters::operator+=(const LabelCounters& other) {
  rows_by_rule.resize(std::max(rows_by_rule.size(), other.rows_by_rule.size()));
  for (std::size_t rule = 0; rule < other.rows_by_rule.size(); ++rule) rows_by_rule[rule] += other.rows_by_rule[rule];
  rows_without += other.rows_without;
  return *this;
}

ShardCounters& ShardCounters::operator+=(const ShardCounters& other) {
  flows += other.flows;
  rows += other.rows;
  packets_in_rows += other.packets_in_rows;
  cut_cells += other.cut_cells;
  add_notes(cell_notes, other.cell_notes);
  labels += other.labels;
  add_counters(features, other.features);
  return *this;
}

}  // namespace flowgauge
