#include "core/report/run_report.h"

#include <sys/resource.h>

#include <algorithm>

namespace flowgauge {

// Rows that are not there weigh most, an input that ended early least.
ExitCode exit_code_of(const RunReport& report) {
  const auto has = [&](ExitCode code) {
    return std::ranges::any_of(report.problems, [code](const Error& problem) { return problem.code == code; });
  };
  if (has(ExitCode::kMemory)) return ExitCode::kMemory;
  if (has(ExitCode::kOutput)) return ExitCode::kOutput;
  if (has(ExitCode::kPlugin)) return ExitCode::kPlugin;
  if (report.interrupted) return ExitCode::kInterrupted;
  return report.problems.empty() ? ExitCode::kOk : report.problems.front().code;
}

void VlanHalvesReport::add(const VlanHalvesFound& found) {
  conversations += found.conversations * found.one_in;
  is_estimate = is_estimate || (found.one_in > 1 && found.conversations > 0);
}

bool RunReport::ledger_balances() const {
  const std::uint64_t lost = live ? live->ring_full() : 0;
  return ledger.frames_read == ledger.accepted() + ledger.ignored() + lost && (!live || live->balances()) &&
         ledger.accepted() == counters.flows.packets && counters.flows.packets == counters.packets_in_rows;
}

std::uint64_t RunReport::older_packets() const { return clock.older_packets + counters.flows.late_packets; }

double RunReport::packets_per_second() const {
  const double seconds = std::chrono::duration<double>(elapsed).count();
  return seconds > 0 ? static_cast<double>(ledger.frames_read) / seconds : 0;
}

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace flowgauge
