// What one worker has done so far: of a run over files a shard, live a lane. Published once a block (published.h).
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/flow/flow_table.h"
#include "core/packet/event_block.h"

namespace flowgauge {

struct WorkerStatus {
  FlowCounters flows;  // packets in flows, flows begun, flows ended by reason, snapshots, late packets
  std::uint64_t open_flows = 0;
  std::uint64_t rows = 0;             // made, of each output; snapshots included
  std::uint64_t packets_in_rows = 0;  // of final rows
  std::uint64_t cut_cells = 0;        // strings and lists that did not fit into a row
  std::uint64_t ring_drops = 0;       // live, with eBPF: packets that the lane's ring has lost
  std::int64_t clock_ns = kNoClock;  // how far the clock of the packets has come, in ns since 1970; kNoClock: no packet

  // Of two workers together. The clock is that of the slower one.
  WorkerStatus& operator+=(const WorkerStatus& other) {
    flows += other.flows;
    open_flows += other.open_flows;
    rows += other.rows;
    packets_in_rows += other.packets_in_rows;
    cut_cells += other.cut_cells;
    ring_drops += other.ring_drops;
    if (clock_ns == kNoClock)
      clock_ns = other.clock_ns;
    else if (other.clock_ns != kNoClock)
      clock_ns = std::min(clock_ns, other.clock_ns);
    return *this;
  }
};

}  // namespace flowgauge
