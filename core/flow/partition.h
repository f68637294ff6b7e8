// One of a table's 256 parts, each with its own limit: its flows by key, and the order in which they leave a full one.
#pragma once

#include <array>

#include "core/flow/eviction_queue.h"
#include "core/flow/life_cycle.h"
#include "core/flow/partition_index.h"

namespace flowgauge {

struct Partition {
  PartitionIndex index;
  EvictionQueue evictions;
};
using Partitions = std::array<Partition, kPartitions>;

}  // namespace flowgauge
