// What a run has counted so far, and what of it belongs to one file of several. Stateless.
#pragma once

#include "core/engine/run_status.h"
#include "core/packet/ledger.h"
#include "core/report/shard_counters.h"

namespace flowgauge {

struct Counted {
  Ledger ledger;
  ShardCounters counters;
};

// While the run goes on nobody tells apart frames without IP, nor rules of labels.
[[nodiscard]] Counted counted_of(const RunStatus& status);

// What came since: `before` is an earlier account of the same run. The most flows at one time stay the run's.
[[nodiscard]] Counted counted_since(const Counted& before, Counted now);

}  // namespace flowgauge
