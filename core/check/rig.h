// Drives one instance of a feature as the engine does, but from nearer: the checks choose strides, batches, rows and
// the structs' sizes, and may look at what lies beside the states and cells. The plugin's code runs on the calling
// thread; what may crash or hang belongs into a child.
// Unlike the engine it leaves the cells as the feature wrote them.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/check/generated_flows.h"
#include "core/check/guarded_struct.h"
#include "core/check/rig_batch.h"
#include "core/check/rows.h"
#include "core/check/shape.h"
#include "core/check/strided.h"
#include "core/packet/batch.h"
#include "core/plugin/current_call.h"
#include "core/plugin/module.h"
#include "core/plugin/options.h"

namespace flowgauge {

class Rig {
 public:
  // All must outlive it.
  Rig(const Feature& feature, const OptionValues& options, const MadeFlows& made, const Shape& shape = {});
  Rig(const Feature&, const OptionValues&, MadeFlows&&, const Shape& = {}) = delete;
  Rig(const Rig&) = delete;
  Rig& operator=(const Rig&) = delete;
  ~Rig();  // releases what was not released, and destroys

  // Every call: empty, or how the feature failed. After a failure only release and destroy are of use.
  [[nodiscard]] Finding create(std::uint32_t worker = 0);
  // One batch: these packets of the made ones, 1 to 64. The feature is shown those that fit its filters; where none
  // does, it is not called.
  [[nodiscard]] Finding update(std::span<const std::uint32_t> all);
  // All of [begin, end), in batches of that many.
  [[nodiscard]] Finding update_all(std::uint32_t batch_packets, std::uint32_t begin, std::uint32_t end);
  [[nodiscard]] Finding update_all() { return update_all(kBatchPackets, 0, packet_count()); }
  // The last batch again, without preparing it: to measure.
  [[nodiscard]] fg_status repeat_update() { return feature_.table.update(instance_, batch_.get()); }
  // Rows of these flows; columns that are not wanted have no cells and come out as no rows.
  [[nodiscard]] Finding emit(std::span<const std::uint32_t> flows, Rows& rows, const std::vector<bool>& wanted = {});
  [[nodiscard]] Finding emit_all(Rows& rows) { return emit(flow_numbers_, rows); }
  // The counters' values so far; `filler` stands in their memory before.
  [[nodiscard]] Finding count(std::uint64_t filler, std::vector<std::uint64_t>& values);
  // Their states begin anew afterwards.
  void release(std::span<const std::uint32_t> flows);
  void release_all() { release(flow_numbers_); }
  void destroy();

  // Cells that are not what their type allows, in what was emitted so far; empty if there are none.
  [[nodiscard]] const Finding& bad_cells() const { return bad_cells_; }
  // How release or destroy, which return nothing, failed so far; empty if they did not.
  [[nodiscard]] const Finding& end_failure() const { return end_failure_; }
  // What was written that is not the feature's: beside a state or a column, or into what it may only read.
  [[nodiscard]] Finding written_beside() const;
  [[nodiscard]] std::vector<unsigned char> states() const;
  // What emit shows of each flow: as of the packets so far. To be changed by who wants it otherwise.
  [[nodiscard]] std::vector<fg_flow>& flows() { return views_; }

  [[nodiscard]] std::uint32_t packet_count() const { return static_cast<std::uint32_t>(made_.packets.size()); }
  [[nodiscard]] std::span<const std::uint32_t> flow_numbers() const { return flow_numbers_; }

 private:
  struct alignas(64) Line {
    unsigned char bytes[64];
  };
  [[nodiscard]] unsigned char* record(std::uint32_t flow);
  [[nodiscard]] const unsigned char* record(std::uint32_t flow) const;
  void begin_state(std::uint32_t flow);
  void see(const MadePacket& packet);
  [[nodiscard]] bool needs(fg_needs what) const { return (feature_.table.needs & what) != 0; }
  [[nodiscard]] Finding failed(const RunningCall& call) const;
  void note(Finding& kept, const Finding& wrong, const std::string& where);

  const Feature& feature_;
  const OptionValues& options_;
  const MadeFlows& made_;
  const Shape shape_;
  RunningCall create_call_, update_call_, emit_call_, count_call_, release_call_, destroy_call_;

  std::vector<std::uint32_t> flow_numbers_;
  std::uint32_t record_bytes_;
  std::vector<Line> lines_;
  std::vector<fg_flow> views_;
  RigBatch shown_;

  Passed<fg_host> host_;
  Passed<fg_create> create_;
  Passed<fg_batch> batch_;
  Passed<fg_emit> emit_;
  Passed<fg_flows> flows_;
  Strided<fg_flow> flow_items_;  // what emit is shown
  Strided<fg_key> keys_;
  Strided<fg_tags> tags_;
  std::vector<std::int64_t> first_seen_ns_;
  std::vector<unsigned char*> records_;
  std::vector<const unsigned char*> emit_records_;

  void* instance_ = nullptr;
  bool created_ = false;
  Finding bad_cells_;
  Finding written_;
  Finding end_failure_;
};

// One whole life: create, all packets, the rows of all flows, release, destroy. `batch_packets` each.
[[nodiscard]] Finding drive(Rig& rig, Rows& rows, std::uint32_t batch_packets = kBatchPackets);

}  // namespace flowgauge
