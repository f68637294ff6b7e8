// Moves live packets through shards into rows: one thread for each lane reads and works, the calling thread writes the
// rows as they come, keeps those who read along up to date, and decides when the run is over. The rows of one lane keep
// their order. Where writing is too slow, the lanes wait, and packets are lost in their rings, where that is counted.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/output_set.h"
#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "core/live/live_source.h"

namespace flowgauge {

struct LiveLimits {
  std::chrono::nanoseconds duration{0};  // 0: none
  std::uint64_t max_packets = 0;         // handed to flows; 0: none. What is on the way when it is reached counts too
};

enum class LiveEnd { kStopped, kDuration, kMaxPackets, kInterfacesLost, kFailed };  // kFailed: a plugin, an output

// What a run has come to, for those who watch it.
struct LiveStatus {
  std::chrono::nanoseconds elapsed{0};
  std::uint64_t open_flows = 0;
  std::uint64_t rows = 0;
  std::vector<LiveCounters> counters;
};

// What the pipeline asks and tells, on the calling thread; each may be empty.
struct LiveHooks {
  std::function<bool()> all_interfaces_lost;             // asked about each second
  std::function<void(const LiveStatus&)> on_progress;    // several times a second
  std::function<void(const LiveStatus&)> on_statistics;  // each statistics_interval
  std::chrono::nanoseconds statistics_interval{0};
  std::function<void()> before_message;  // so that it does not end up in the middle of a line of progress
};

struct LiveResult {
  ShardCounters counters;
  VlanHalvesFound vlan_halves;
  std::optional<Error> plugin_error;
  LiveEnd end = LiveEnd::kStopped;
};

// One shard for each lane. Runs until a limit is reached, the interfaces are lost, `stop` is made, or a plugin or an
// output fails; then all that came before is worked off and every flow exported.
[[nodiscard]] LiveResult run_live_pipeline(const Plan& plan, LiveSource& source,
                                           std::span<const std::unique_ptr<Shard>> shards, OutputSet& outputs,
                                           const StopRequest& stop, const LiveLimits& limits, const LiveHooks& hooks);

}  // namespace flowgauge
