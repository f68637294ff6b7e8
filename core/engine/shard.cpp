#include "core/engine/shard.h"

#include <algorithm>
#include <utility>

#include "core/flow/flow_record.h"
#include "core/flow/flow_views.h"

namespace flowgauge {

Shard::Shard(const Plan& plan, std::uint32_t shard, std::uint32_t shards)
    : plan_(plan),
      needs_(needs_of(plan.active)),
      table_({plan.rules, shard, shards, plan.layout.size_bytes, needs_}),
      columns_(plan.needed) {
  for (const ActiveFeature& active : plan.active) vectors_.push_back(columns_.vectors(*active.feature));
  for (const PlannedOutput& output : plan.outputs) {
    evaluators_.push_back(std::make_unique<SchemaEvaluator>(output.schema, columns_));
    encoders_.emplace_back(output.format, output.columns);
  }
  if (plan.labels) labels_.emplace(plan.labels->file, plan.labels->matcher);
}

Result<std::unique_ptr<Shard>> Shard::create(const Plan& plan, std::uint32_t shard, std::uint32_t shards) {
  std::unique_ptr<Shard> created(new Shard(plan, shard, shards));
  auto features = FeatureSet::create(plan.active, plan.layout, shard);
  if (!features) return std::unexpected(features.error());
  created->features_ = std::move(*features);
  return created;
}

void Shard::process(const EventBlock& block, ShardRows& rows) {
  rows.order.clear();
  rows.outputs.resize(plan_.outputs.size());
  for (ShardRows::Text& text : rows.outputs) {
    text.bytes.clear();
    text.row_ends.clear();
  }
  table_.begin(block);
  for (bool more = true; more;) {
    more = table_.fill(batch_);
    finish_batch(rows);
  }
}

bool Shard::drain(ShardRows& rows) {
  rows.order.clear();
  rows.outputs.resize(plan_.outputs.size());
  for (ShardRows::Text& text : rows.outputs) {
    text.bytes.clear();
    text.row_ends.clear();
  }
  const bool more = table_.drain(batch_);
  finish_batch(rows);
  return more;
}

void Shard::finish_batch(ShardRows& rows) {
  if (!error_ && batch_.count > 0 && !features_->update(batch_)) error_ = features_->error();
  const std::span<const Release> releases = batch_.releases;
  for (std::size_t begin = 0; begin < releases.size() && !error_; begin += columns_.capacity())
    emit(releases.subspan(begin, std::min<std::size_t>(columns_.capacity(), releases.size() - begin)), rows);
  recycle();
}

void Shard::emit(std::span<const Release> releases, ShardRows& rows) {
  arena_.reset();
  view_flows(releases, needs_, views_);
  columns_.begin(static_cast<std::uint32_t>(releases.size()));
  if (!features_->emit(views_, vectors_, arena_)) {
    error_ = features_->error();
    return;
  }
  if (labels_) labels_->match(releases);
  // All outputs or none: they hold the same rows.
  for (std::size_t i = 0; i < evaluators_.size(); ++i) {
    const auto output = evaluators_[i]->evaluate(arena_);
    if (!output) {
      error_ = output.error();
      for (ShardRows::Text& text : rows.outputs) {
        text.row_ends.resize(rows.order.size());
        text.bytes.resize(text.row_ends.empty() ? 0 : text.row_ends.back());
      }
      return;
    }
    encoders_[i].append(labels_ ? labels_->join(*output) : *output, rows.outputs[i].bytes, rows.outputs[i].row_ends);
  }
  if (labels_) labels_->count();
  for (const Release& release : releases) {
    rows.order.push_back(release.order);
    const BasicFlow& flow = basic_flow(release.record);
    if (!release.is_snapshot()) packets_in_rows_ += flow.packets[0] + flow.packets[1];
  }
  rows_ += releases.size();
}

void Shard::recycle() {
  if (batch_.releases.empty()) return;
  if (features_->owns_memory()) {
    ended_.clear();
    for (const Release& release : batch_.releases)
      if (!release.is_snapshot()) ended_.push_back(release.record);
    features_->release(ended_);
  }
  table_.recycle(batch_.releases);
}

ShardCounters Shard::counters() const {
  return {table_.counters(), rows_, packets_in_rows_, arena_.cuts(), labels_ ? labels_->counters() : LabelCounters()};
}

ShardCounters& ShardCounters::operator+=(const ShardCounters& other) {
  flows += other.flows;
  rows += other.rows;
  packets_in_rows += other.packets_in_rows;
  cut_cells += other.cut_cells;
  labels += other.labels;
  return *this;
}

}  // namespace flowgauge
