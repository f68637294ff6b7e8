#include "core/engine/run_status.h"

namespace flowgauge {

WorkerStatus RunStatus::total() const {
  WorkerStatus total;
  for (const WorkerStatus& worker : workers) total += worker;
  return total;
}

}  // namespace flowgauge
