// The flows of one shard: takes events in order, makes batches for the features and says which flows' rows are due.
// Single-threaded: each shard owns one table and sees every event of the run, but keeps only its own partitions.
// Invariants: (1) a record stays at its address until recycle(). (2) A partition never holds more than its share of
// max_flows. (3) What is released, and in which order, depends on the events alone: not on shards, batches or blocks.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "core/flow/continuation_memory.h"
#include "core/flow/eviction_queue.h"
#include "core/flow/expiry.h"
#include "core/flow/flow_key.h"
#include "core/flow/flow_record.h"
#include "core/flow/life_cycle.h"
#include "core/flow/partition_index.h"
#include "core/flow/record_pool.h"
#include "core/flow/snapshot_queue.h"
#include "core/flow/timer_wheel.h"
#include "core/packet/batch.h"
#include "core/packet/event_block.h"

namespace flowgauge {

struct FlowTableOptions {
  LifeCycle rules;
  std::uint32_t shard = 0;  // keeps the partitions p with p % shards == shard
  std::uint32_t shards = 1;
  std::uint32_t record_bytes = sizeof(BasicFlow);  // with the features' states
  fg_needs needs = FG_NEEDS_NOTHING;               // of all active features: which arrays of a batch to fill
  std::optional<std::uint64_t> hash_seed = {};     // of the slots; else a random one, which no sender can know
};

struct FlowCounters {
  std::uint64_t packets = 0;  // in flows
  std::uint64_t flows = 0;    // begun
  std::uint64_t snapshots = 0;
  std::uint64_t late_packets = 0;                  // older than the clock, where events say nothing of it (live)
  std::uint64_t most_flows = 0;                    // at one time
  std::array<std::uint64_t, kEndReasons> ended{};  // by EndReason

  FlowCounters& operator+=(const FlowCounters& other);
};

class FlowTable {
 public:
  explicit FlowTable(const FlowTableOptions& options);

  // `block` must outlive the fill() calls that read it. Its events have their partitions, unless this is the only shard. Its step_ns moves all times that are kept.
  void begin(const EventBlock& block);

  // Fills `batch` with the block's next packets and the releases due after them, in the end those that are due by the
  // block's clock. True: update the features, emit the releases, recycle them, and call again. False: the same, but the
  // block is done.
  bool fill(PacketBatch& batch);

  // End of input: puts the next of the remaining flows into `batch`, by creation. False: these were the last.
  bool drain(PacketBatch& batch);

  // After emit: ended records may be used again.
  void recycle(std::span<const Release> releases);

  [[nodiscard]] const FlowCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint64_t size() const { return flows_; }

 private:
  struct Pending {  // a packet of this shard whose slot is being fetched
    KeyOfPacket id;
    std::uint32_t event;
    std::uint32_t hash;
    std::uint32_t guess;  // its record, most likely; PartitionIndex::kNone: not known
    std::uint8_t partition;
  };
  struct Window {
    std::array<Pending, kBatchPackets> packets;
    std::uint32_t count = 0;
    std::uint32_t next = 0;
    std::uint32_t scanned = 0;  // events of the block looked at
  };
  struct Remaining {  // a flow at the end of input
    std::uint64_t creation;
    std::uint32_t record;
  };
  enum class Step { kDone, kCut };  // kCut: emit what is due before this packet is added

  [[nodiscard]] bool owns(std::uint8_t partition) const { return partition % options_.shards == options_.shard; }
  bool load_window();
  Step process(const Pending& pending, PacketBatch& batch);
  [[nodiscard]] std::int64_t clock_at(std::uint32_t event) const {
    return block_->clocks.empty() ? block_->events[event].timestamp_ns : block_->clocks[event];
  }
  Step advance_clock(std::int64_t to_ns, std::uint64_t frame, PacketBatch& batch);
  void shift(std::int64_t step_ns);
  void sweep(std::uint64_t frame, PacketBatch& batch);
  Step take_snapshots(std::uint64_t frame, PacketBatch& batch);
  bool is_snapshot_due(BasicFlow& flow, std::int64_t timestamp_ns) const;
  void push_snapshot(BasicFlow& flow, std::uint64_t frame, std::int64_t due_ns, PacketBatch& batch);

  BasicFlow* find(const Pending& pending);
  BasicFlow& create(const Pending& pending, const packet_event& event, std::uint64_t frame, PacketBatch& batch);
  void choose_source(BasicFlow& flow, const Pending& pending, const packet_event& event);
  [[nodiscard]] bool gives_way(const BasicFlow& flow, const Pending& pending, const packet_event& event) const;
  void evict(std::uint8_t partition, std::uint64_t frame, PacketBatch& batch);
  void add(BasicFlow& flow, const Pending& pending, const packet_event& event, std::uint64_t frame, PacketBatch& batch);
  void view(const BasicFlow& flow, const packet_event& event, std::uint32_t event_index, unsigned direction,
            PacketBatch& batch) const;
  void end(BasicFlow& flow, EndReason reason);
  void release(BasicFlow& flow, EndReason reason, const ReleaseOrder& order, PacketBatch& batch);
  void arm(const BasicFlow& flow);

  FlowTableOptions options_;
  Expiry expiry_;
  std::uint64_t partition_capacity_;
  std::uint64_t hash_seed_;
  RecordPool pool_;
  TimerWheel wheel_;
  ContinuationMemory memory_;
  SnapshotQueue snapshots_;
  std::array<PartitionIndex, kPartitions> partitions_;
  std::array<EvictionQueue, kPartitions> evictions_;
  FlowCounters counters_;
  std::uint64_t flows_ = 0;

  const EventBlock* block_ = nullptr;
  std::uint32_t cursor_ = 0;      // the next event of the block whose time counts
  std::uint64_t next_frame_ = 0;  // behind the last event: what the block's clock releases comes before that frame
  Window window_;
  bool clock_started_ = false;
  std::int64_t clock_ns_ = 0;
  std::int64_t clock_second_ = 0;
  std::int64_t next_second_ns_ = std::numeric_limits<std::int64_t>::min();
  std::vector<Release> swept_;
  bool draining_ = false;
  std::vector<Remaining> remaining_;  // by creation, while draining
  std::size_t drained_ = 0;
};

}  // namespace flowgauge
