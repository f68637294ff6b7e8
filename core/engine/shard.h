// One worker's share of a run: its flows, its feature instances, and the rows it makes of flows that end.
// Runs on one thread at a time; shards share nothing but the plan.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "core/base/published.h"
#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/engine/plan.h"
#include "core/engine/row_labels.h"
#include "core/engine/shard_rows.h"
#include "core/engine/worker_status.h"
#include "core/flow/flow_table.h"
#include "core/flow/traffic_sample.h"
#include "core/flow/vlan_halves.h"
#include "core/packet/batch.h"
#include "core/packet/event_block.h"
#include "core/plugin/arena.h"
#include "core/plugin/column_batch.h"
#include "core/plugin/feature_set.h"
#include "core/plugin/process_state.h"
#include "core/report/shard_counters.h"
#include "core/table/derived_columns.h"
#include "core/table/schema_evaluator.h"

namespace flowgauge {

class Shard {
 public:
  [[nodiscard]] static Result<std::unique_ptr<Shard>> create(const Plan& plan, std::uint32_t shard,
                                                             std::uint32_t shards);

  // The shard of a live lane: it has all partitions, and its part of max_flows.
  [[nodiscard]] static Result<std::unique_ptr<Shard>> create_for_lane(const Plan& plan, std::uint32_t lane,
                                                                      std::uint32_t lanes);

  // Of the rows that one call releases, in order: some, or the last (there may be none).
  enum class Portion { kSome, kLast };
  // Takes the rows, or their memory too. What is left of them is cleared.
  using RowsReady = std::function<void(ShardRows& rows, Portion portion)>;

  // Takes in a block and hands on the rows that it releases, about 512 at a time; the last portion comes when the block
  // is no longer needed. After an error rows stay away, but packets are still counted, so that the ledger balances;
  // out of memory, nothing is done any more.
  void process(const EventBlock& block, const RowsReady& rows_ready);
  // The same for the flows that are left at the end of input.
  void drain(const RowsReady& rows_ready);

  // A row of each flow that is open, marked as those of early export. Between two blocks.
  void snapshot(const RowsReady& rows_ready);

  // Once the request is abandoned, flows end without rows. It outlives all that is done here.
  void obey(const StopRequest& stop) { stop_ = &stop; }

  // The end of the features' instances, while the outputs are still open: error() may come of it.
  void close();

  // Out of memory: what is in the middle of being done is left as it is. Rows that were not handed on are lost.
  void give_up();

  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] ShardCounters counters() const;
  // From its own thread.
  [[nodiscard]] bool has_open_flows() const { return table_.size() != 0 || !due_.empty(); }
  // From any thread, at any time: as it was when rows were last handed on, at least once a block.
  [[nodiscard]] WorkerStatus status() const { return status_.read(); }
  // The same of what features count: as of the last whole block.
  [[nodiscard]] FeatureCounters feature_counters() const;
  // From here on the packets of flows are sampled. Before the first block.
  void watch_traffic() { traffic_ = std::make_unique<TrafficSample>(); }
  // From any thread: what was sampled since it was asked last.
  [[nodiscard]] Traffic take_traffic() const { return traffic_ ? traffic_->take() : Traffic(); }
  [[nodiscard]] const VlanHalves& vlan_halves() const { return vlan_halves_; }

 private:
  Shard(const Plan& plan, const FlowTableOptions& table);
  static Result<std::unique_ptr<Shard>> create(const Plan& plan, const FlowTableOptions& table, std::uint32_t worker);
  enum class Due { kWholeRuns, kAll };
  void judge_thread();
  template <class Work>
  void hand_on_all_but_last(const Work& work, const RowsReady& rows_ready);
  template <class Work>
  void hand_on_rows_of(const Work& work, const RowsReady& rows_ready);
  void take_in_batch(const PacketBatch& batch);
  void show(const PacketBatch& batch);
  void emit_due(Due which, const RowsReady& rows_ready);
  void hand_on(Portion portion, const RowsReady& rows_ready);
  void clear_rows();
  void ask_counters();
  void fetch(std::span<const Release> releases) const;
  void look_for_halves(std::span<const Release> releases);
  void emit_packets(const PacketBatch& batch, const RowsReady& rows_ready);
  void emit_flows(std::span<const Release> releases);
  [[nodiscard]] bool make_rows();
  void make_room(const RowsReady& rows_ready);
  [[nodiscard]] bool is_abandoned() const { return stop_ != nullptr && stop_->abandoned(); }
  void count_packets(std::span<const Release> releases);
  void recycle(std::span<const Release> releases);

  const Plan& plan_;
  fg_needs needs_;
  FlowTable table_;
  std::unique_ptr<FeatureSet> features_;
  ColumnBatch columns_;
  std::vector<std::span<const fg_vector>> vectors_;  // of each active feature
  DerivedColumns derived_;
  std::vector<std::unique_ptr<SchemaEvaluator>> evaluators_;
  std::optional<RowLabels> labels_;
  Arena arena_;
  ShardRows ready_;           // made, and not handed on yet
  std::vector<Release> due_;  // rows are made of many flows at a time; those that wait are out of the table
  FlowViews views_;
  std::vector<unsigned char*> ended_;
  VlanHalves vlan_halves_;
  std::uint64_t tagged_since_ = kNoFrame;  // frame of the first packet with a VLAN that any shard has seen
  std::optional<ThreadState> thread_;      // as it was before the first block
  const StopRequest* stop_ = nullptr;
  std::optional<Error> error_;
  Error memory_error_;  // made beforehand
  bool is_out_of_memory_ = false;
  std::uint64_t rows_ = 0;
  std::uint64_t packets_in_rows_ = 0;
  std::uint64_t ring_drops_ = 0;
  std::unique_ptr<TrafficSample> traffic_;  // null: nobody watches it
  Published<WorkerStatus> status_;
  PublishedList counts_;  // of the features
};

// Of the flows of all shards together, once they are drained.
[[nodiscard]] VlanHalvesFound find_vlan_halves(const Plan& plan, std::span<const std::unique_ptr<Shard>> shards);

}  // namespace flowgauge
