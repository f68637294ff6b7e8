// Moves live packets through shards into rows: one thread for each lane reads and works, the calling thread writes the
// rows as they come, keeps those who read along up to date, and decides when the run is over. The rows of one lane keep
// their order. Where writing is too slow, the lanes wait, and packets are lost in their rings, where that is counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/base/result.h"
#include "core/base/run_requests.h"
#include "core/base/stop_request.h"
#include "core/engine/observer.h"
#include "core/engine/output_set.h"
#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "core/live/live_source.h"
#include "core/report/live_report.h"

namespace flowgauge {

struct LiveLimits {
  std::chrono::nanoseconds duration{0};  // 0: none
  std::uint64_t max_packets = 0;         // handed to flows; 0: none. What is on the way when it is reached counts too
};

struct LiveAsked {
  const StopRequest& stop;
  // Made where the run comes to its end, by whatever way: no reader is waited for beyond its patience.
  StopRequest& ending;
  RunRequests* requests = nullptr;  // null: nothing but to stop
};

struct LiveResult {
  ShardCounters counters;
  VlanHalvesFound vlan_halves;
  std::optional<Error> error;     // of a plugin, or out of memory: the first
  std::optional<Error> detached;  // why the source sees nothing any more
  LiveEnd end = LiveEnd::kStopped;
};

// One shard for each lane. Runs until a limit is reached, the interfaces are lost, `stop` is made, or a plugin or an
// output fails; then all that came before is worked off and every flow exported.
[[nodiscard]] LiveResult run_live_pipeline(const Plan& plan, LiveSource& source,
                                           std::span<const std::unique_ptr<Shard>> shards, OutputSet& outputs,
                                           const LiveAsked& asked, const LiveLimits& limits, const Observer& observer);

}  // namespace flowgauge
