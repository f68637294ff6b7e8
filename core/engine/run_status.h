// What a run has done so far, for those who watch it: the same for capture files and for live traffic. A progress line,
// statistics, metrics are views of it. When the last row is written it says what the report will say.
//
// It is gathered from counters that the run's threads publish once a block. While the run goes on they may be of
// different blocks: a packet can be in `ledger` and not yet in `workers`. No counter ever goes back.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/engine/worker_status.h"
#include "core/flow/traffic_sample.h"
#include "core/host/link_counters.h"
#include "core/ingest/source.h"
#include "core/live/live_source.h"
#include "core/packet/ledger.h"
#include "core/plugin/feature_counters.h"
#include "core/plugin/sink_conditions.h"

namespace flowgauge {

struct OutputStatus {
  std::string schema;
  std::string path;        // where its rows belong: plain_place()
  std::uint64_t rows = 0;  // that its sink has taken; where it fails later, the report counts fewer (RowSink::rows)
  std::vector<SinkCondition> conditions{};  // that its sink has told, those that are over too
};

// How far the run is behind.
struct RunLag {
  // Live: from the clock of the packets, of the slowest lane, to the wall clock. It is some 100 ms where nothing is
  // late
  // (kLiveClockLagNs). None: of files, and before the first packet.
  std::optional<std::chrono::nanoseconds> clock;
  std::uint64_t rows = 0;  // made, but not written yet
  // How long the outputs have been writing in all. Where this grows as fast as time, they are what the run waits for.
  std::chrono::nanoseconds writing{0};
  std::chrono::nanoseconds in_write{0};  // how long the write has lasted that is under way; 0: none is
  std::size_t written_output = 0;        // that this write is of
};

// What the machine lost before the run could see it, since the run began.
struct HostDrops {
  std::vector<LinkCounters> links;         // of each interface
  std::optional<std::uint64_t> softnet{};  // on all interfaces of the machine together
};

struct RunStatus {
  enum class Phase {
    kRunning,
    kEnding,  // live: no more packets are taken, those on the way are worked off
    kDone,    // nothing will change any more: the last one
  };

  Phase phase = Phase::kRunning;
  std::chrono::nanoseconds elapsed{0};   // since the run began to read
  std::int64_t time_ns = 0;              // the wall clock, in ns since 1970
  std::optional<SourceProgress> files;   // of capture files: which is read, bytes of bytes
  std::vector<LiveCounters> interfaces;  // live: of each interface and direction
  LedgerCounts ledger;                   // frames by reason; live, of all interfaces together
  std::vector<WorkerStatus> workers;     // by shard; live by lane
  std::vector<RingFill> rings;           // live, with eBPF: by lane
  HostDrops host;                        // live
  FeatureCounters counters;              // of features, by all workers together
  std::vector<OutputStatus> outputs;     // as the plan has them
  std::uint64_t memory_bytes = 0;        // resident set of this process; 0: not known
  RunLag lag;
  Traffic traffic;  // since the status before; empty unless the observer wants it

  // All workers together.
  [[nodiscard]] WorkerStatus total() const;
  // Rows of the first output; all have the same, unless one failed.
  [[nodiscard]] std::uint64_t rows() const { return outputs.empty() ? 0 : outputs.front().rows; }
};

}  // namespace flowgauge
