// Looks ahead in a block: the next packets of a table's partitions, with the flow that each most likely belongs to.
// Their memory is fetched on the way, so that the cache misses of many packets overlap.
#pragma once

#include <array>
#include <cstdint>
#include <span>

#include "core/flow/continuation_memory.h"
#include "core/flow/flow_clock.h"
#include "core/flow/flow_key.h"
#include "core/flow/partition.h"
#include "core/flow/partition_set.h"
#include "core/flow/record_pool.h"
#include "core/packet/batch.h"
#include "core/packet/event.h"

namespace flowgauge {

struct PendingPacket {
  KeyOfPacket id;
  std::uint32_t event;  // of the block
  std::uint32_t hash;
  std::uint32_t guess;  // its record, most likely; PartitionIndex::kNone: not known
  std::uint8_t partition;
};

class PacketWindow {
 public:
  // Where a packet's flow is looked for. All of it outlives the window.
  struct Where {
    const Partitions& partitions;
    const RecordPool& pool;
    const ContinuationMemory& ended;
    const FlowClock& clock;
  };

  // The events have their partitions already, unless all of them are `kept`.
  PacketWindow(const PartitionSet& kept, const LifeCycle& rules, std::uint64_t hash_seed, const Where& where)
      : kept_(kept),
        all_kept_(kept.is_all()),
        rule_(rules.flow_key),
        hash_seed_(hash_seed),
        partition_seed_(rules.partition_seed()),
        where_(where) {}

  void begin(std::span<const packet_event> events) {
    events_ = events;
    scanned_ = 0;
  }
  // The next packets, in order; none: the block has no more. Valid until the next call.
  std::span<const PendingPacket> load();

 private:
  PartitionSet kept_;
  bool all_kept_;
  KeyRule rule_;
  std::uint64_t hash_seed_;  // of the slots
  std::uint64_t partition_seed_;
  Where where_;
  std::span<const packet_event> events_;
  std::uint32_t scanned_ = 0;  // events looked at
  std::array<PendingPacket, kBatchPackets> packets_;
};

}  // namespace flowgauge
