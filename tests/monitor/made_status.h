// Statuses by hand: a live run with one interface, both directions, and two lanes.
#pragma once

#include "core/engine/run_status.h"
#include "core/flow/flow_record.h"

namespace flowgauge::test {

inline constexpr std::int64_t kBeginNs = 1'785'789'000'000'000'000;  // 2026-08-03T20:30:00Z

inline RunStatus live_status(std::chrono::nanoseconds elapsed) {
  RunStatus status;
  status.elapsed = elapsed;
  status.time_ns = kBeginNs + elapsed.count();
  status.interfaces.resize(2);
  status.interfaces[0].interface = status.interfaces[1].interface = "eth0";
  status.interfaces[1].direction = TrafficDirection::kEgress;
  status.workers.resize(2);
  for (WorkerStatus& worker : status.workers) worker.clock_ns = status.time_ns - 150'000'000;
  status.outputs = {{"basic", "flows.csv", 0}, {"cic", "-", 0}};
  status.host.links.resize(1);
  status.host.links[0].interface = "eth0";
  status.host.softnet = 0;
  return status;
}

inline void set_evictions(RunStatus& status, std::uint64_t flows) {
  status.workers[0].flows.ended[static_cast<std::size_t>(EndReason::kLackOfResources)] = flows;
}

}  // namespace flowgauge::test
