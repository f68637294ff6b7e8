// Moves a source's events through the shards and the rows into the outputs. With one shard all happens on the calling
// thread; with more, one thread reads, one runs each shard, and the calling thread writes. The rows are the same bytes.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/observer.h"
#include "core/engine/output_set.h"
#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "core/ingest/source.h"

namespace flowgauge {

struct PipelineResult {
  ShardCounters counters;
  VlanHalvesFound vlan_halves;
  std::optional<Error> error;         // of a plugin, or out of memory: the first
  std::uint64_t other_partition = 0;  // packets of partitions that the plan leaves out
  bool interrupted = false;           // the stop request came before the end of the input
};

// Reads until the source ends or `stop` is made (which a failing plugin or output makes too). Whatever was read is
// processed, so that the ledger balances.
[[nodiscard]] PipelineResult run_pipeline(const Plan& plan, Source& source,
                                          std::span<const std::unique_ptr<Shard>> shards, OutputSet& outputs,
                                          StopRequest& stop, const Observer& observer);

}  // namespace flowgauge
