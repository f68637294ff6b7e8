// Of FlowTable: what the clock brings about - sweeps at whole seconds, and snapshots of early export.
#include <algorithm>
#include <cassert>

#include "core/flow/clock.h"
#include "core/flow/flow_table.h"
#include "core/packet/run_clock.h"

namespace flowgauge {

FlowTable::Step FlowTable::advance_clock(std::int64_t to_ns, std::uint64_t frame, PacketBatch& batch) {
  if (clock_started_ && to_ns <= clock_ns_) return Step::kDone;
  clock_ns_ = to_ns;
  if (to_ns >= next_second_ns_) sweep(frame, batch);
  return clock_ns_ > snapshots_.next_ns() ? take_snapshots(frame, batch) : Step::kDone;
}

// A flow is released at the first frame that moves the clock to or past the next whole second after its deadline.
void FlowTable::sweep(std::uint64_t frame, PacketBatch& batch) {
  const std::int64_t from = clock_second_;
  clock_second_ = second_of(clock_ns_);
  next_second_ns_ = (clock_second_ + 1) * kNsPerSecond;
  if (!clock_started_) {
    clock_started_ = true;
    return;
  }
  swept_.clear();
  wheel_.advance(from, clock_second_, [&](std::uint32_t record) {
    const BasicFlow& flow = basic_flow(pool_.at(record));
    const auto deadline = expiry_.deadline(flow);
    assert(deadline);
    if (second_of(deadline->at_ns) < clock_second_)
      swept_.push_back({pool_.at(record), {frame, ReleaseCause::kSweep, deadline->at_ns, flow.creation}});
    else
      arm(flow);
  });
  std::sort(swept_.begin(), swept_.end(), [](const Release& a, const Release& b) { return a.order < b.order; });
  for (const Release& due : swept_) {
    BasicFlow& flow = basic_flow(due.record);
    release(flow, expiry_.deadline(flow)->reason, due.order, batch);
  }
}

// The wall clock was set: what is kept moves with it, so that every age stays what it was.
void FlowTable::shift(std::int64_t step_ns) {
  if (!clock_started_) return;
  clock_ns_ += step_ns;
  clock_second_ = second_of(clock_ns_);
  next_second_ns_ = (clock_second_ + 1) * kNsPerSecond;
  for (std::size_t partition = 0; partition < partitions_.size(); ++partition) {
    evictions_[partition].forget();
    partitions_[partition].for_each([&](std::uint32_t record) {
      BasicFlow& flow = basic_flow(pool_.at(record));
      flow.shift(step_ns);
      arm(flow);
    });
  }
  snapshots_.shift(step_ns);
  memory_.shift(step_ns);
}

void FlowTable::arm(const BasicFlow& flow) {
  if (const auto deadline = expiry_.deadline(flow))
    wheel_.arm(flow.index, second_of(deadline->at_ns) + 1, clock_second_);
}

FlowTable::Step FlowTable::take_snapshots(std::uint64_t frame, PacketBatch& batch) {
  Step step = Step::kDone;
  while (clock_ns_ > snapshots_.next_ns()) {
    const SnapshotDue due = snapshots_.pop();
    BasicFlow& flow = basic_flow(pool_.at(due.record));
    if (!flow.live || flow.creation != due.creation || flow.is_closed()) continue;
    const auto deadline = expiry_.deadline(flow);
    if (deadline && clock_ns_ > deadline->at_ns) continue;  // it has ended; the sweep comes for it
    if (is_snapshot_due(flow, flow.first_ns())) {           // not if the flow's own time was ahead of the clock
      push_snapshot(flow, frame, due.due_ns, batch);
      step = Step::kCut;
    }
    // The flow's own time may have passed more multiples than the clock ever can.
    const std::uint64_t next_age =
        (flow.open.snapshots + 1) * static_cast<std::uint64_t>(options_.rules.early_export_ns);
    if (next_age < gap_ns(kFurthestReadingNs, flow.open.arrived_first_ns))
      snapshots_.push({flow.open.arrived_first_ns + static_cast<std::int64_t>(next_age), flow.creation, flow.index});
  }
  return step;
}

// Notes how many multiples of the early export's age are passed, in the flow's own time or the clock's; true if there are new ones.
bool FlowTable::is_snapshot_due(BasicFlow& flow, std::int64_t timestamp_ns) const {
  const auto every = static_cast<std::uint64_t>(options_.rules.early_export_ns);
  if (every == 0) return false;
  const std::uint64_t age =
      std::max(gap_ns(timestamp_ns, flow.first_ns()), gap_ns(clock_ns_, flow.open.arrived_first_ns));
  const std::uint64_t passed = age == 0 ? 0 : (age - 1) / every;
  if (passed <= flow.open.snapshots) return false;
  flow.open.snapshots = passed;
  return true;
}

void FlowTable::push_snapshot(BasicFlow& flow, std::uint64_t frame, std::int64_t due_ns, PacketBatch& batch) {
  flow.is_snapshot = true;
  ++counters_.snapshots;
  batch.releases.push_back({flow.bytes_begin(), {frame, ReleaseCause::kSnapshot, due_ns, flow.creation}});
}

}  // namespace flowgauge
