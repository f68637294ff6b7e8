// Flows that a timeout cut or a close ended, and that the next packet of their key continues (docs/semantics.md,
// section 2). Bounded per partition, the oldest leaves first. Single-threaded: each shard owns one.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "core/flow/flow_key.h"
#include "core/flow/life_cycle.h"
#include "core/flow/partition_index.h"

namespace flowgauge {

class ContinuationMemory {
 public:
  struct Ended {
    Endpoint source;
    std::uint32_t segment;
    std::int64_t arrived_last_ns;
  };
  struct Where {  // to find a key: as the flow table does
    std::uint8_t partition;
    std::uint32_t hash;
  };

  // `per_partition`: how many a partition remembers, 0 for none. `keep_ns`: how long past the arrival of a flow's last
  // packet, in clock time.
  ContinuationMemory(std::uint64_t per_partition, std::int64_t keep_ns)
      : per_partition_(per_partition), keep_ns_(keep_ns) {}

  // The key must not be remembered already: what begins a flow of it takes it.
  void remember(Where where, const FlowKey& key, const Ended& ended, std::int64_t clock_ns);

  // What is remembered of the key, forgotten by this call.
  std::optional<Ended> take(Where where, const FlowKey& key, std::int64_t clock_ns);

  void prefetch(Where where) const { partitions_[where.partition].index.prefetch(where.hash); }

  // What is remembered is as old as before, though the clock was set forward by so much.
  void shift(std::int64_t step_ns);

 private:
  static constexpr std::uint32_t kNone = PartitionIndex::kNone;

  struct Entry {
    FlowKey key;
    Ended ended;
    std::uint32_t hash = 0;
    std::uint32_t older = kNone;  // of a free one: the next that is free
    std::uint32_t newer = kNone;
  };
  struct Partition {
    PartitionIndex index;  // of entries
    std::vector<Entry> entries;
    std::uint32_t oldest = kNone;
    std::uint32_t newest = kNone;
    std::uint32_t free = kNone;
  };

  [[nodiscard]] bool is_stale(const Entry& entry, std::int64_t clock_ns) const {
    return clock_ns - entry.ended.arrived_last_ns > keep_ns_;
  }
  std::uint32_t new_entry(Partition& partition) const;
  static void forget(Partition& partition, std::uint32_t slot);

  std::uint64_t per_partition_;
  std::int64_t keep_ns_;
  std::array<Partition, kPartitions> partitions_;
};

}  // namespace flowgauge
