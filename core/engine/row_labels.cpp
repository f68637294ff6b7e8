#include "core/engine/row_labels.h"

#include <algorithm>

#include "core/flow/flow_record.h"

namespace flowgauge {
namespace {

LabelQuery query_of(const BasicFlow& flow) {
  const Endpoint source = flow.source;
  const Endpoint destination = source ^ 1U;
  return {.first_ns = flow.first_ns(),
          .address = {flow.key.address[source].data(), flow.key.address[destination].data()},
          .port = {flow.key.port[source], flow.key.port[destination]},
          .ip_version = flow.key.ip_version,
          .protocol = flow.key.protocol};
}

}  // namespace

RowLabels::RowLabels(const LabelFile& file, const LabelMatcher& matcher)
    : file_(file), matcher_(matcher), cells_(file.columns.size()) {
  counters_.rows_by_rule.resize(file.rules.size());
}

void RowLabels::match(std::span<const Release> releases) {
  rules_.clear();
  for (std::vector<fg_string>& cells : cells_) cells.clear();
  for (const Release& release : releases) {
    const std::uint32_t rule = matcher_.match(query_of(basic_flow(release.record)));
    rules_.push_back(rule);
    for (std::size_t column = 0; column < cells_.size(); ++column) {
      if (rule == LabelMatcher::kNoRule) {
        cells_[column].push_back({nullptr, 0});
        continue;
      }
      const std::string& text = file_.rules[rule].texts[column];
      cells_[column].push_back({text.data(), text.size()});
    }
  }
}

OutputBatch RowLabels::join(const OutputBatch& batch) {
  columns_.assign(batch.columns.begin(), batch.columns.end());
  for (const std::vector<fg_string>& cells : cells_) columns_.push_back({FG_STRING, cells.data(), nullptr});
  return {batch.rows, columns_};
}

void RowLabels::count() {
  for (const std::uint32_t rule : rules_) {
    if (rule == LabelMatcher::kNoRule) {
      ++counters_.rows_without;
    } else {
      ++counters_.rows_by_rule[rule];
    }
  }
}

}  // namespace flowgauge
