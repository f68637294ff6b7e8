// Of FlowTable: how flows end - out of the table, into the releases, and at last back to the pool.
#include <algorithm>
#include <vector>

#include "core/flow/flow_table.h"

namespace flowgauge {
namespace {

constexpr std::size_t kDrainRows = 256;
constexpr std::uint32_t kAhead = 24;  // records that come from memory while one is looked at

// May packets of an ended flow's key be its continuation, or its leftovers? Of what only one side sent without a close,
// such as scans and floods, nothing is remembered.
bool is_remembered(const BasicFlow& flow) {
  switch (flow.end_reason) {
    case EndReason::kActiveTimeout:
    case EndReason::kFin:
    case EndReason::kRst:
    case EndReason::kFeature:
      return true;
    case EndReason::kIdleTimeout:
      return flow.segment > 0 || (flow.packets[0] > 0 && flow.packets[1] > 0);
    default:
      return false;
  }
}

}  // namespace

void FlowTable::end(BasicFlow& flow, EndReason reason) {
  flow.live = false;
  flow.end_reason = reason;
  ++counters_.ended[static_cast<std::size_t>(reason)];
  --flows_;
}

void FlowTable::release(BasicFlow& flow, EndReason reason, const ReleaseOrder& order) {
  end(flow, reason);
  partitions_[flow.partition].index.erase(flow.slot_hash, flow.index);
  clock_.disarm(flow);
  if (is_remembered(flow))
    memory_.remember({flow.partition, flow.slot_hash}, flow.key, {flow.source, flow.segment, flow.arrived_last_ns},
                     clock_.ns());
  batch_.releases.push_back({flow.bytes_begin(), order});
}

void FlowTable::release_snapshot(BasicFlow& flow, const ReleaseOrder& order) {
  flow.is_snapshot = true;
  ++counters_.snapshots;
  batch_.releases.push_back({flow.bytes_begin(), order});
}

void FlowTable::release_due(std::uint64_t frame) {
  for (const Release& due : clock_.sweep(frame)) {
    BasicFlow& flow = basic_flow(due.record);
    release(flow, expiry_.deadline(flow)->reason, due.order);
  }
  const std::span<const Release> snapshots = clock_.take_snapshots(frame);
  for (const Release& due : snapshots) release_snapshot(basic_flow(due.record), due.order);
  if (!snapshots.empty()) push();
}

void FlowTable::evict(Partition& partition, std::uint64_t frame) {
  BasicFlow& flow = basic_flow(pool_.at(partition.evictions.take_oldest(partition.index, pool_, clock_.second())));
  release(flow, EndReason::kLackOfResources, {frame, ReleaseCause::kEviction, 0, flow.creation, clock_.ns()});
}

void FlowTable::drain(const UseBatch& use, DrainOrder order) {
  struct Remaining {
    std::uint64_t creation;
    std::uint32_t record;
  };
  use_ = &use;
  std::vector<Remaining> remaining;
  if (order == DrainOrder::kByCreation) remaining.reserve(flows_);
  // In the order of their memory, which is nearly that of their creation: each way through it is fast.
  for (std::uint32_t record = 0; record < pool_.used(); ++record) {
    if (record + kAhead < pool_.used()) prefetch_flow(pool_.at(record + kAhead));
    BasicFlow& flow = basic_flow(pool_.at(record));
    if (flow.live && order == DrainOrder::kByCreation)
      remaining.push_back({flow.creation, record});
    else if (flow.live)
      end_with_input(flow);
  }
  if (!std::ranges::is_sorted(remaining, {}, &Remaining::creation))
    std::ranges::sort(remaining, {}, &Remaining::creation);
  for (std::size_t i = 0; i < remaining.size(); ++i) {
    if (i + kAhead < remaining.size()) prefetch_flow(pool_.at(remaining[i + kAhead].record));
    end_with_input(basic_flow(pool_.at(remaining[i].record)));
  }
  if (!batch_.releases.empty()) push();
}

void FlowTable::snapshot(const UseBatch& use) {
  use_ = &use;
  std::vector<BasicFlow*> open;
  for (std::uint32_t record = 0; record < pool_.used(); ++record) {
    BasicFlow& flow = basic_flow(pool_.at(record));
    if (!flow.live || flow.is_closed()) continue;
    const auto deadline = expiry_.deadline(flow);
    if (!deadline || clock_.ns() <= deadline->at_ns) open.push_back(&flow);
  }
  std::ranges::sort(open, {}, &BasicFlow::creation);
  for (BasicFlow* const flow : open) {
    release_snapshot(*flow, {next_frame_, ReleaseCause::kSnapshot, clock_.ns(), flow->creation, clock_.ns()});
    if (batch_.releases.size() == kDrainRows) push();
  }
  if (!batch_.releases.empty()) push();
}

void FlowTable::end_with_input(BasicFlow& flow) {
  EndReason reason = EndReason::kForcedEnd;
  if (flow.is_closed())
    reason = flow.close_reason();
  else if (const auto passed = expiry_.passed(flow, flow.last_ns(), clock_.ns()))
    reason = passed->reason;
  end(flow, reason);  // nobody looks for it any more: the index, the clock and the memory stay as they are
  batch_.releases.push_back(
      {flow.bytes_begin(), {kEndOfInputFrame, ReleaseCause::kEndOfInput, 0, flow.creation, clock_.ns()}});
  if (batch_.releases.size() == kDrainRows) push();
}

void FlowTable::recycle(std::span<const Release> releases) {
  for (const Release& release : releases) {
    BasicFlow& flow = basic_flow(release.record);
    if (flow.live)
      flow.is_snapshot = false;
    else
      pool_.free(flow.index);
  }
}

}  // namespace flowgauge
