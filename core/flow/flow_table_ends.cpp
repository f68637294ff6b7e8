// Of FlowTable: how flows end - out of the table, into the releases, and at last back to the pool.
#include <algorithm>

#include "core/flow/flow_table.h"

namespace flowgauge {
namespace {

constexpr std::size_t kDrainRows = 256;
constexpr std::uint64_t kEndOfInputFrame = std::numeric_limits<std::uint64_t>::max();

// May packets of an ended flow's key be its continuation, or its leftovers? Of what only one side sent without a close,
// such as scans and floods, nothing is remembered.
bool is_remembered(const BasicFlow& flow) {
  switch (flow.end_reason) {
    case EndReason::kActiveTimeout:
    case EndReason::kFin:
    case EndReason::kRst:
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
  if (draining_) return;  // nobody looks for it any more
  partitions_[flow.partition].erase(flow.slot_hash, flow.index);
  wheel_.disarm(flow.index);
  if (is_remembered(flow))
    memory_.remember({flow.partition, flow.slot_hash}, flow.key, {flow.source, flow.segment, flow.arrived_last_ns},
                     clock_ns_);
}

void FlowTable::release(BasicFlow& flow, EndReason reason, const ReleaseOrder& order, PacketBatch& batch) {
  end(flow, reason);
  batch.releases.push_back({flow.bytes_begin(), order});
}

bool FlowTable::drain(PacketBatch& batch) {
  batch.count = 0;
  batch.releases.clear();
  if (!draining_) {
    draining_ = true;
    remaining_.reserve(flows_);
    for (const PartitionIndex& index : partitions_)
      index.for_each([&](std::uint32_t record) {
        remaining_.push_back({basic_flow(pool_.at(record)).creation, record});
      });
    std::sort(remaining_.begin(), remaining_.end(),
              [](const Remaining& a, const Remaining& b) { return a.creation < b.creation; });
  }
  const std::size_t stop = std::min(remaining_.size(), drained_ + kDrainRows);
  for (; drained_ < stop; ++drained_) {
    BasicFlow& flow = basic_flow(pool_.at(remaining_[drained_].record));
    EndReason reason = EndReason::kForcedEnd;
    if (flow.is_closed())
      reason = flow.close_reason();
    else if (const auto passed = expiry_.passed(flow, flow.last_ns(), clock_ns_))
      reason = passed->reason;
    release(flow, reason, {kEndOfInputFrame, ReleaseCause::kEndOfInput, 0, flow.creation}, batch);
  }
  return drained_ < remaining_.size();
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
