#include "core/engine/counted.h"

#include <cstddef>
#include <cstdint>

namespace flowgauge {
namespace {

void take_off(LedgerCounts& counts, const LedgerCounts& before) {
  counts.frames_read -= before.frames_read;
  counts.untimed_frames -= before.untimed_frames;
  counts.other_partition -= before.other_partition;
  for (std::size_t reason = 0; reason < counts.by_reason.size(); ++reason)
    counts.by_reason[reason] -= before.by_reason[reason];
}

void take_off(FlowCounters& flows, const FlowCounters& before) {
  flows.packets -= before.packets;
  flows.flows -= before.flows;
  flows.snapshots -= before.snapshots;
  flows.late_packets -= before.late_packets;
  for (std::size_t reason = 0; reason < flows.ended.size(); ++reason) flows.ended[reason] -= before.ended[reason];
}

}  // namespace

Counted counted_of(const RunStatus& status) {
  Counted counted;
  static_cast<LedgerCounts&>(counted.ledger) = status.ledger;
  const WorkerStatus total = status.total();
  counted.counters.flows = total.flows;
  counted.counters.rows = total.rows;
  counted.counters.packets_in_rows = total.packets_in_rows;
  counted.counters.cut_cells = total.cut_cells;
  return counted;
}

Counted counted_since(const Counted& before, Counted now) {
  take_off(now.ledger, before.ledger);
  take_off(now.counters.flows, before.counters.flows);
  now.counters.rows -= before.counters.rows;
  now.counters.packets_in_rows -= before.counters.packets_in_rows;
  now.counters.cut_cells -= before.counters.cut_cells;
  return now;
}

}  // namespace flowgauge
