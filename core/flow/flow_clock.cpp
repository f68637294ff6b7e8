#include "core/flow/flow_clock.h"

#include <algorithm>
#include <cassert>

#include "core/flow/clock.h"
#include "core/packet/run_clock.h"

namespace flowgauge {

void FlowClock::enter_second() {
  second_ = second_of(ns_);
  next_second_ns_ = (second_ + 1) * kNsPerSecond;
}

// A flow is released at the first frame that moves the clock to or past the next whole second after its deadline.
std::span<const Release> FlowClock::sweep(std::uint64_t frame) {
  due_.clear();
  if (ns_ < next_second_ns_) return due_;
  const std::int64_t from = second_;
  enter_second();
  if (!started_) {
    started_ = true;
    return due_;
  }
  wheel_.advance(from, second_, [&](std::uint32_t record) {
    const BasicFlow& flow = basic_flow(pool_.at(record));
    const auto deadline = expiry_.deadline(flow);
    assert(deadline);
    if (second_of(deadline->at_ns) < second_)
      due_.push_back({pool_.at(record), {frame, ReleaseCause::kSweep, deadline->at_ns, flow.creation, ns_}});
    else
      arm(flow);
  });
  std::sort(due_.begin(), due_.end(), [](const Release& a, const Release& b) { return a.order < b.order; });
  return due_;
}

std::span<const Release> FlowClock::take_snapshots(std::uint64_t frame) {
  due_.clear();
  while (ns_ > snapshots_.next_ns()) {
    const SnapshotDue next = snapshots_.pop();
    BasicFlow& flow = basic_flow(pool_.at(next.record));
    if (!flow.live || flow.creation != next.creation || flow.is_closed()) continue;
    const auto deadline = expiry_.deadline(flow);
    if (deadline && ns_ > deadline->at_ns) continue;  // it has ended; the sweep comes for it
    if (is_snapshot_due(flow, flow.first_ns()))       // not if the flow's own time was ahead of the clock
      due_.push_back({flow.bytes_begin(), {frame, ReleaseCause::kSnapshot, next.due_ns, flow.creation, ns_}});
    // The flow's own time may have passed more multiples than the clock ever can.
    const std::uint64_t next_age = (flow.open.snapshots + 1) * static_cast<std::uint64_t>(early_export_ns_);
    if (next_age < gap_ns(kFurthestReadingNs, flow.open.arrived_first_ns)) {
      // Modulo 2^64: the age may have 64 bits, the sum has 63 and a sign.
      const auto due_ns = static_cast<std::int64_t>(static_cast<std::uint64_t>(flow.open.arrived_first_ns) + next_age);
      snapshots_.push({due_ns, flow.creation, flow.index});
    }
  }
  return due_;
}

bool FlowClock::is_snapshot_due(BasicFlow& flow, std::int64_t timestamp_ns) const {
  const auto every = static_cast<std::uint64_t>(early_export_ns_);
  if (every == 0) return false;
  const std::uint64_t age = std::max(gap_ns(timestamp_ns, flow.first_ns()), gap_ns(ns_, flow.open.arrived_first_ns));
  const std::uint64_t passed = age == 0 ? 0 : (age - 1) / every;
  if (passed <= flow.open.snapshots) return false;
  flow.open.snapshots = passed;
  return true;
}

void FlowClock::watch(const BasicFlow& flow) {
  arm(flow);
  if (early_export_ns_ != 0) snapshots_.push({ns_ + early_export_ns_, flow.creation, flow.index});
}

void FlowClock::arm(const BasicFlow& flow) {
  if (const auto deadline = expiry_.deadline(flow)) wheel_.arm(flow.index, second_of(deadline->at_ns) + 1, second_);
}

void FlowClock::shift(std::int64_t step_ns) {
  ns_ += step_ns;
  enter_second();
  snapshots_.shift(step_ns);
}

}  // namespace flowgauge
