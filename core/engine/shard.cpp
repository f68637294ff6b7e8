#include "core/engine/shard.h"

#include <algorithm>
#include <new>
#include <utility>

#include "core/base/try.h"
#include "core/engine/out_of_memory.h"
#include "core/flow/flow_record.h"
#include "core/flow/flow_views.h"

namespace flowgauge {
namespace {

static_assert(kBatchPackets <= kColumnBatchRows, "a batch of packets is made rows of at once");
constexpr std::size_t kRowsAtOnce = 512;  // about: the text of a wide table's rows stays below 1 MiB

FlowTableOptions table_options(const Plan& plan, const LifeCycle& rules, const PartitionSet& partitions) {
  return {
      .rules = rules,
      .partitions = partitions,
      .record_bytes = plan.layout.size_bytes,
      .needs = needs_of(plan.active),
      .host = plan.host,
      .batch_packets = may_end_flows(plan.active) ? 1 : static_cast<std::uint32_t>(kBatchPackets),
      .frames = plan.rows == RowsOf::kPackets ? BatchFrames::kNoted : BatchFrames::kLeftOut,
      .interfaces = uses(plan, EventPart::kLaterInterfaces) ? LaterInterfaces::kCompared : LaterInterfaces::kLeftOut};
}

}  // namespace

Shard::Shard(const Plan& plan, const FlowTableOptions& table)
    : plan_(plan),
      needs_(table.needs),
      table_(table),
      columns_(plan.needed),
      derived_(plan.derived, columns_),
      memory_error_(out_of_memory(plan.rules.max_flows)),
      counts_(counters_of(plan.active).size()) {
  for (const ActiveFeature& active : plan.active) vectors_.push_back(columns_.vectors(*active.feature));
  for (const PlannedOutput& output : plan.outputs) {
    evaluators_.push_back(std::make_unique<SchemaEvaluator>(output.schema, columns_));
  }
  if (plan.labels) labels_.emplace(plan.labels->file, plan.labels->matcher);
}

Result<std::unique_ptr<Shard>> Shard::create(const Plan& plan, std::uint32_t shard, std::uint32_t shards) {
  return create(plan, table_options(plan, plan.rules, plan.partitions.share(shard, shards)), shard);
}

Result<std::unique_ptr<Shard>> Shard::create_for_lane(const Plan& plan, std::uint32_t lane, std::uint32_t lanes) {
  LifeCycle rules = plan.rules;
  rules.max_flows = std::max<std::uint64_t>(1, rules.max_flows / lanes);
  return create(plan, table_options(plan, rules, PartitionSet::all()), lane);
}

Result<std::unique_ptr<Shard>> Shard::create(const Plan& plan, const FlowTableOptions& table, std::uint32_t worker) {
  std::unique_ptr<Shard> created(new Shard(plan, table));
  created->features_ = TRY(FeatureSet::create(plan.active, plan.layout, worker));
  created->features_->tell(*plan.place);
  return created;
}

void Shard::process(const EventBlock& block, const RowsReady& rows_ready) {
  if (!thread_) thread_.emplace();
  if (plan_.rules.flow_key == KeyRule::kFull) tagged_since_ = std::min(tagged_since_, block.first_tagged);
  if (block.ring_drops != kNoRing) ring_drops_ = std::max(ring_drops_, block.ring_drops);
  hand_on_rows_of([&](const FlowTable::UseBatch& use) { table_.process(block, use); }, rows_ready);
}

void Shard::drain(const RowsReady& rows_ready) {
  const DrainOrder order = is_abandoned() ? DrainOrder::kAny : DrainOrder::kByCreation;
  hand_on_rows_of([&](const FlowTable::UseBatch& use) { table_.drain(use, order); }, rows_ready);
  judge_thread();
}

void Shard::snapshot(const RowsReady& rows_ready) {
  hand_on_rows_of([&](const FlowTable::UseBatch& use) { table_.snapshot(use); }, rows_ready);
}

void Shard::judge_thread() {
  if (!thread_) return;
  auto failure = unknown_change(plan_.active, thread_->changed());
  thread_->restore();
  if (!error_) error_ = std::move(failure);
}

void Shard::close() {
  features_->close();
  if (!error_) error_ = features_->error();
}

template <class Work>
void Shard::hand_on_rows_of(const Work& work, const RowsReady& rows_ready) {
  try {
    if (!is_out_of_memory_) hand_on_all_but_last(work, rows_ready);
  } catch (const std::bad_alloc&) {
    give_up();
  }
  hand_on(Portion::kLast, rows_ready);
}

template <class Work>
void Shard::hand_on_all_but_last(const Work& work, const RowsReady& rows_ready) {
  clear_rows();
  work([&](const PacketBatch& batch) {
    take_in_batch(batch);
    if (plan_.rows == RowsOf::kPackets) emit_packets(batch, rows_ready);
    // A flow lives on after its snapshot: the row is made before the next packet.
    const bool has_snapshot = std::any_of(batch.releases.begin(), batch.releases.end(),
                                          [](const Release& release) { return release.is_snapshot(); });
    emit_due(has_snapshot ? Due::kAll : Due::kWholeRuns, rows_ready);
  });
  emit_due(Due::kAll, rows_ready);
}

// The table and the rows at hand are somewhere in the middle: they are not touched again.
void Shard::give_up() {
  is_out_of_memory_ = true;
  rows_ -= ready_.order.size();
  ready_.order.clear();
  ready_.outputs.clear();
  if (!error_) error_ = std::move(memory_error_);
}

// Counters first: who has the rows finds them counted.
void Shard::hand_on(Portion portion, const RowsReady& rows_ready) {
  if (portion == Portion::kLast) ask_counters();
  status_.publish({.flows = table_.counters(),
                   .open_flows = table_.size(),
                   .rows = rows_,
                   .packets_in_rows = packets_in_rows_,
                   .cut_cells = arena_.cuts(),
                   .ring_drops = ring_drops_,
                   .clock_ns = table_.clock_ns()});
  rows_ready(ready_, portion);
}

void Shard::ask_counters() {
  if (error_ || is_out_of_memory_) return;
  if (!features_->count()) error_ = features_->error();
  counts_.publish(features_->counts());
}

FeatureCounters Shard::feature_counters() const {
  FeatureCounters counters = counters_of(plan_.active);
  add_counts(counters, counts_.read());
  return counters;
}

void Shard::take_in_batch(const PacketBatch& batch) {
  if (traffic_) traffic_->add(batch);
  if (!error_ && batch.count > 0) show(batch);
  due_.insert(due_.end(), batch.releases.begin(), batch.releases.end());
  if (!is_abandoned()) fetch(batch.releases);
  if (tagged_since_ != kNoFrame) look_for_halves(batch.releases);
}

// To the features. One that asks for an end means the flow of this batch, and of no other.
void Shard::show(const PacketBatch& batch) {
  if (!features_->update(batch)) error_ = features_->error();
  if (const std::uint32_t asked = features_->end_asked(); asked != 0) table_.ask_for_end(asked - 1);
}

void Shard::emit_due(Due which, const RowsReady& rows_ready) {
  const std::size_t run = columns_.capacity();
  std::span<const Release> left = due_;
  while (!left.empty() && (which == Due::kAll || left.size() >= run)) {
    make_room(rows_ready);
    const auto now = left.first(std::min(run, left.size()));
    left = left.subspan(now.size());
    if (plan_.rows == RowsOf::kFlows) emit_flows(now);
    recycle(now);
  }
  due_.erase(due_.begin(), due_.end() - static_cast<std::ptrdiff_t>(left.size()));
}

void Shard::make_room(const RowsReady& rows_ready) {
  if (ready_.order.size() < kRowsAtOnce) return;
  hand_on(Portion::kSome, rows_ready);
  clear_rows();
}

void Shard::clear_rows() {
  ready_.clear();
  if (!ready_.outputs.empty()) return;
  for (const PlannedOutput& output : plan_.outputs) ready_.outputs.push_back(output.kind->make_block(output.columns));
}

// Flows that ended before the first VLAN was seen are halves of nothing.
void Shard::look_for_halves(std::span<const Release> releases) {
  for (const Release& release : releases)
    if (!release.is_snapshot() && release.order.frame >= tagged_since_) vlan_halves_.add(basic_flow(release.record));
}

// The records of flows that are long quiet lie far away: they come nearer while the next packets are worked on.
void Shard::fetch(std::span<const Release> releases) const {
  for (const Release& release : releases)
    for (std::uint32_t offset = 0; offset < plan_.layout.size_bytes; offset += 64)
      __builtin_prefetch(release.record + offset);
}

void Shard::emit_flows(std::span<const Release> releases) {
  if (is_abandoned()) return count_packets(releases);  // so that the ledger balances
  if (error_) return;
  view_flows(releases, needs_, views_);
  if (!make_rows()) return;
  for (const Release& release : releases) ready_.order.push_back(release.order);
  count_packets(releases);
  rows_ += releases.size();
}

// Before the flows that end with the batch are recycled.
void Shard::emit_packets(const PacketBatch& batch, const RowsReady& rows_ready) {
  if (batch.count == 0 || error_) return;
  make_room(rows_ready);
  if (!is_abandoned()) {
    view_packets(batch, views_);
    if (!make_rows()) return;
    for (std::uint32_t i = 0; i < batch.count; ++i)
      ready_.order.push_back({.frame = batch.frames[i], .clock_ns = batch.timestamps_ns[i]});
    rows_ += batch.count;
  }
  packets_in_rows_ += batch.count;
}

// Of what views_ shows, in all outputs or in none: they hold the same rows. False: see error().
bool Shard::make_rows() {
  arena_.reset();
  columns_.begin(static_cast<std::uint32_t>(views_.records.size()));
  if (!features_->emit(views_, vectors_, arena_)) {
    error_ = features_->error();
    return false;
  }
  if (const auto made = derived_.make(arena_); !made) {
    error_ = made.error();
    return false;
  }
  if (const auto stand = columns_.check_guards(); !stand) {
    error_ = stand.error();
    return false;
  }
  if (labels_) labels_->match(views_.releases);
  for (std::size_t i = 0; i < evaluators_.size(); ++i) {
    const auto output = evaluators_[i]->evaluate(arena_);
    if (!output) {
      error_ = output.error();
      for (const auto& block : ready_.outputs) block->cut(ready_.order.size());
      return false;
    }
    ready_.outputs[i]->append(labels_ ? labels_->join(*output) : *output);
  }
  if (labels_) labels_->count();
  return true;
}

void Shard::count_packets(std::span<const Release> releases) {
  for (const Release& release : releases) {
    const BasicFlow& flow = basic_flow(release.record);
    if (!release.is_snapshot()) packets_in_rows_ += flow.packets[0] + flow.packets[1];
  }
}

void Shard::recycle(std::span<const Release> releases) {
  if (features_->owns_memory()) {
    ended_.clear();
    for (const Release& release : releases)
      if (!release.is_snapshot()) ended_.push_back(release.record);
    features_->release(ended_);
    if (!error_) error_ = features_->error();
  }
  table_.recycle(releases);
}

ShardCounters Shard::counters() const {
  CellNotes cell_notes = features_->cell_notes();
  cell_notes.merge(derived_.cell_notes());
  for (const auto& evaluator : evaluators_) cell_notes.merge(evaluator->cell_notes());
  return {table_.counters(),     rows_,
          packets_in_rows_,      arena_.cuts(),
          std::move(cell_notes), labels_ ? labels_->counters() : LabelCounters(),
          feature_counters()};
}

VlanHalvesFound find_vlan_halves(const Plan& plan, std::span<const std::unique_ptr<Shard>> shards) {
  VlanHalves all;
  for (const auto& shard : shards) all.merge(shard->vlan_halves());
  return all.find(plan.rules.idle_timeout_ns);
}

}  // namespace flowgauge
