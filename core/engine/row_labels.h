// The label cells of rows: which rule each flow meets, and how many rows each rule has labelled. One shard owns one.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/labels/label_matcher.h"
#include "core/labels/label_rule.h"
#include "core/packet/batch.h"
#include "core/report/shard_counters.h"
#include "core/table/schema_evaluator.h"

namespace flowgauge {

class RowLabels {
 public:
  // Both must outlive it.
  RowLabels(const LabelFile& file, const LabelMatcher& matcher);

  // Finds the rule of each flow.
  void match(std::span<const Release> releases);
  // The columns of `batch`, which has the rows of the last match, and the label columns behind them. Valid until the
  // next call of either function.
  [[nodiscard]] OutputBatch join(const OutputBatch& batch);
  // The rows of the last match are there to stay.
  void count();

  [[nodiscard]] const LabelCounters& counters() const { return counters_; }

 private:
  const LabelFile& file_;
  const LabelMatcher& matcher_;
  std::vector<std::uint32_t> rules_;           // of each row
  std::vector<std::vector<fg_string>> cells_;  // of each label column
  std::vector<OutputVector> columns_;
  LabelCounters counters_;
};

}  // namespace flowgauge
