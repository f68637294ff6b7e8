// The run's clock as one table sees it, and which of its flows are due by it: at whole seconds those whose deadline has
// passed, and at any time those that are due a snapshot of early export. It ends no flow itself.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "core/flow/expiry.h"
#include "core/flow/flow_record.h"
#include "core/flow/life_cycle.h"
#include "core/flow/record_pool.h"
#include "core/flow/snapshot_queue.h"
#include "core/flow/timer_wheel.h"
#include "core/packet/batch.h"

namespace flowgauge {

class FlowClock {
 public:
  FlowClock(const LifeCycle& rules, const Expiry& expiry, const RecordPool& pool)
      : expiry_(expiry), pool_(pool), early_export_ns_(rules.early_export_ns) {}

  [[nodiscard]] std::int64_t ns() const { return ns_; }
  [[nodiscard]] std::int64_t second() const { return second_; }
  [[nodiscard]] bool has_started() const { return started_; }

  // The clock never runs back. True: something may be due; ask sweep(), end those flows, then ask take_snapshots().
  [[nodiscard]] bool advance(std::int64_t to_ns) {
    if (started_ && to_ns <= ns_) return false;
    ns_ = to_ns;
    return to_ns >= next_second_ns_ || to_ns > snapshots_.next_ns();
  }
  // Flows whose deadline passed, in release order. Valid until the next call.
  std::span<const Release> sweep(std::uint64_t frame);
  // Flows that are due a snapshot, in release order. Valid until the next call.
  std::span<const Release> take_snapshots(std::uint64_t frame);

  // Notes how many multiples of the early export's age are passed, in the flow's own time or the clock's; true if there
  // are new ones.
  bool is_snapshot_due(BasicFlow& flow, std::int64_t timestamp_ns) const;

  void watch(const BasicFlow& flow);  // that begins
  void arm(const BasicFlow& flow);    // whose deadline is another now
  void disarm(const BasicFlow& flow) { wheel_.disarm(flow.index); }
  void prefetch(std::uint32_t record) const { wheel_.prefetch(record); }

  // The wall clock was set forward by so much. The flows' own times are the table's to move; then each is armed again.
  void shift(std::int64_t step_ns);

 private:
  void enter_second();

  const Expiry& expiry_;
  const RecordPool& pool_;
  std::int64_t early_export_ns_;
  bool started_ = false;
  std::int64_t ns_ = 0;
  std::int64_t second_ = 0;
  std::int64_t next_second_ns_ = std::numeric_limits<std::int64_t>::min();
  TimerWheel wheel_;
  SnapshotQueue snapshots_;
  std::vector<Release> due_;
};

}  // namespace flowgauge
