#include "core/engine/run_status.h"

namespace flowgauge {

WorkerStatus RunStatus::total() const {
  WorkerStatus total;
  for (const WorkerStatus& worker : workers) total += worker;
  return total;
}

LedgerCounts ledger_of(std::span<const LiveCounters> interfaces) {
  LedgerCounts ledger;
  for (const LiveCounters& one : interfaces) {
    ledger.frames_read += one.seen;
    for (std::size_t reason = 0; reason < ledger.by_reason.size(); ++reason)
      ledger.by_reason[reason] += one.by_reason[reason];
  }
  return ledger;
}

}  // namespace flowgauge
