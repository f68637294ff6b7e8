// The flows of one worker: takes events in order, makes batches for the features and says which flows' rows are due.
// Single-threaded. It sees every event of the run, but keeps only its own partitions.
// Invariants: (1) a record stays at its address until recycle(). (2) A partition never holds more than its share of
// max_flows. (3) What is released, and in which order, depends on the events alone: not on partitions, batches or
// blocks.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>

#include "core/flow/continuation_memory.h"
#include "core/flow/expiry.h"
#include "core/flow/flow_clock.h"
#include "core/flow/flow_key.h"
#include "core/flow/flow_record.h"
#include "core/flow/life_cycle.h"
#include "core/flow/packet_window.h"
#include "core/flow/partition.h"
#include "core/flow/partition_set.h"
#include "core/flow/record_pool.h"
#include "core/packet/batch.h"
#include "core/packet/event_block.h"

namespace flowgauge {

// Whether batches have the frames and timestamps of their packets, whatever the features need: of rows of packets.
enum class BatchFrames : std::uint8_t { kLeftOut, kNoted };

// Whether the packets behind a flow's first are asked for their interface.
enum class LaterInterfaces : std::uint8_t { kLeftOut, kCompared };

// Of the flows that end with the input. kAny: of those that have no rows; it is faster.
enum class DrainOrder : std::uint8_t { kByCreation, kAny };

struct FlowTableOptions {
  LifeCycle rules;
  PartitionSet partitions = PartitionSet::all();   // that it keeps
  std::uint32_t record_bytes = sizeof(BasicFlow);  // with the features' states
  fg_needs needs = FG_NEEDS_NOTHING;               // of all active features: which arrays of a batch to fill
  std::optional<std::uint64_t> hash_seed = {};     // of the slots; else a random one, which no sender can know
  HostRecord host = HostRecord::kBasic;            // what of a record is the table's
  std::uint32_t batch_packets = kBatchPackets;     // at most; 1 where features may end flows
  BatchFrames frames = BatchFrames::kLeftOut;
  LaterInterfaces interfaces = LaterInterfaces::kLeftOut;

  [[nodiscard]] bool ask_of_each_packet() const {
    return frames == BatchFrames::kNoted || interfaces == LaterInterfaces::kCompared;
  }
};

struct FlowCounters {
  std::uint64_t packets = 0;  // in flows
  std::uint64_t bytes = 0;    // of those: their IP lengths
  std::uint64_t flows = 0;    // begun
  std::uint64_t snapshots = 0;
  std::uint64_t late_packets = 0;                  // older than the clock, where events say nothing of it (live)
  std::uint64_t most_flows = 0;                    // at one time
  std::array<std::uint64_t, kEndReasons> ended{};  // by EndReason

  FlowCounters& operator+=(const FlowCounters& other);
  bool operator==(const FlowCounters&) const = default;
};

class FlowTable {
 public:
  // What is done with a batch: update the features, emit the releases in their order, give ended records to recycle().
  // A snapshot's row is made before it returns: the flow's next packet comes in a later batch.
  using UseBatch = std::function<void(const PacketBatch& batch)>;

  explicit FlowTable(const FlowTableOptions& options);
  FlowTable(const FlowTable&) = delete;
  FlowTable& operator=(const FlowTable&) = delete;
  ~FlowTable() = default;

  // Pushes the block's packets and the releases that they and the clock make due, batch by batch. The events have their
  // partitions, unless the table keeps all. The block's step_ns moves all times that are kept.
  void process(const EventBlock& block, const UseBatch& use);

  // End of input: pushes the remaining flows. Nothing is processed afterwards.
  void drain(const UseBatch& use, DrainOrder order = DrainOrder::kByCreation);

  // Pushes a snapshot of each flow that is open: not of those that are closed, or over by the clock.
  void snapshot(const UseBatch& use);

  // While a batch of one packet is used: its flow ends with it, as the feature asks that this end belongs to.
  void ask_for_end(std::uint32_t feature_end) { feature_end_ = feature_end; }

  // After emit: ended records may be used again.
  void recycle(std::span<const Release> releases);

  [[nodiscard]] const FlowCounters& counters() const { return counters_; }
  [[nodiscard]] std::uint64_t size() const { return flows_; }
  // The run's clock as this table sees it; kNoClock before the first packet.
  [[nodiscard]] std::int64_t clock_ns() const { return clock_.has_started() ? clock_.ns() : kNoClock; }

 private:
  [[nodiscard]] std::int64_t clock_at(std::uint32_t event) const {
    return block_->clocks.empty() ? block_->events[event].timestamp_ns : block_->clocks[event];
  }
  void advance_clock(std::int64_t to_ns, std::uint64_t frame) {
    if (clock_.advance(to_ns)) release_due(frame);
  }
  void release_due(std::uint64_t frame);
  void shift(std::int64_t step_ns);

  void take_in(const PendingPacket& pending);
  BasicFlow* find(const PendingPacket& pending);
  BasicFlow& create(const PendingPacket& pending, const packet_event& event, std::uint64_t frame);
  void choose_source(BasicFlow& flow, const PendingPacket& pending, const packet_event& event);
  [[nodiscard]] bool gives_way(const BasicFlow& flow, const PendingPacket& pending, const packet_event& event) const;
  void add(BasicFlow& flow, const PendingPacket& pending, const packet_event& event, std::uint64_t frame);
  void view(const BasicFlow& flow, const packet_event& event, std::uint32_t event_index, unsigned direction);
  void view_bytes(const packet_event& event, std::uint32_t event_index, std::uint32_t at);

  void evict(Partition& partition, std::uint64_t frame);
  void end_with_input(BasicFlow& flow);
  void end(BasicFlow& flow, EndReason reason);
  void release(BasicFlow& flow, EndReason reason, const ReleaseOrder& order);
  void release_snapshot(BasicFlow& flow, const ReleaseOrder& order);
  void push();  // the batch, and begins the next
  void after_packet(std::uint32_t event);
  void push_packet(std::uint64_t frame);

  FlowTableOptions options_;
  std::uint32_t asked_from_;  // packets in a batch from which on after_packet() is called
  Expiry expiry_;
  std::uint64_t partition_capacity_;
  RecordPool pool_;
  FlowClock clock_;
  ContinuationMemory memory_;
  Partitions partitions_;
  PacketWindow window_;
  FlowCounters counters_;
  std::uint64_t flows_ = 0;
  std::uint64_t next_frame_ = 0;  // behind the last event: what a block's clock releases comes before that frame
  PacketBatch batch_;
  std::optional<std::uint32_t> feature_end_;  // asked for of the last packet that was pushed
  // During process() and drain():
  const EventBlock* block_ = nullptr;
  const UseBatch* use_ = nullptr;
};

}  // namespace flowgauge
