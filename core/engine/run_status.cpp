#include "core/engine/run_status.h"

namespace flowgauge {

WorkerStatus RunStatus::total() const {
  WorkerStatus total;
  for (const WorkerStatus& worker : workers) total += worker;
  return total;
}

LedgerCounts ledger_of(std::span<const LiveCounters> interfaces) {
  LedgerCounts ledger;
  for (const LiveCounters& one : interfaces)
    ledger += LedgerCounts{.frames_read = one.seen, .by_reason = one.by_reason};
  return ledger;
}

}  // namespace flowgauge
