#include "core/monitor/status_sum.h"

#include <algorithm>

namespace flowgauge {
namespace {

// What was counted before; what is measured is that of now.
void add_counters_of(const RunStatus& before, RunStatus& now) {
  now.elapsed += before.elapsed;
  now.ledger += before.ledger;
  now.lag.writing += before.lag.writing;
  for (std::size_t i = 0; i < std::min(before.workers.size(), now.workers.size()); ++i) {
    WorkerStatus worker = before.workers[i];
    worker.open_flows = 0;
    worker.clock_ns = kNoClock;
    now.workers[i] += worker;
  }
  for (std::size_t i = 0; i < std::min(before.outputs.size(), now.outputs.size()); ++i)
    now.outputs[i].rows += before.outputs[i].rows;
  add_counters(now.counters, before.counters);
  if (!before.files || !now.files) return;
  now.files->bytes_read += before.files->bytes_read;
  now.files->bytes_total += now.files->bytes_total > 0 ? before.files->bytes_total : 0;
  now.files->inputs_begun += before.files->inputs_begun;
  now.files->inputs += before.files->inputs;
}

}  // namespace

RunStatus StatusSum::add(const RunStatus& status) {
  RunStatus sum = status;
  if (before_) add_counters_of(*before_, sum);
  if (status.phase == RunStatus::Phase::kDone) before_ = sum;
  return sum;
}

}  // namespace flowgauge
