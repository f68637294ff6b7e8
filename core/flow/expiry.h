// When a flow's life ends by itself, in the time of the run's clock (docs/semantics.md, section 3).
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <optional>

#include "core/flow/clock.h"
#include "core/flow/flow_record.h"
#include "core/flow/life_cycle.h"

namespace flowgauge {

struct Deadline {
  std::int64_t at_ns;  // passed once the clock is beyond it
  EndReason reason;
};

class Expiry {
 public:
  explicit Expiry(const LifeCycle& rules)
      : idle_ns_(rules.idle_timeout_ns),
        active_ns_(rules.active_timeout_ns),
        linger_ns_(rules.idle_timeout_ns == 0 ? rules.linger_ns : std::min(rules.linger_ns, rules.idle_timeout_ns)),
        shortest_ns_(std::min(idle_ns_ == 0 ? kNever : idle_ns_, active_ns_ == 0 ? kNever : active_ns_)),
        idle_below_ns_(rules.clock_jump_ns == 0 || idle_ns_ == 0 ? kNever : idle_ns_),
        longest_row_ns_(rules.clock_jump_ns == 0 || active_ns_ == 0 ? kNever : active_ns_) {}

  // The deadline that the flow has if no further packet comes; none if it never ends by itself.
  [[nodiscard]] std::optional<Deadline> deadline(const BasicFlow& flow) const {
    if (flow.is_closed()) return Deadline{flow.close.arrived_ns + linger_ns_, flow.close_reason()};
    std::optional<Deadline> first;
    if (idle_ns_ != 0) first = {flow.arrived_last_ns + idle_ns_, EndReason::kIdleTimeout};
    if (active_ns_ != 0 && (!first || flow.open.arrived_first_ns + active_ns_ <= first->at_ns))  // at a tie: active
      first = {flow.open.arrived_first_ns + active_ns_, EndReason::kActiveTimeout};
    return first;
  }

  // The deadline that a packet of the flow with this timestamp finds passed, in either of two times: the clock's, or
  // the flow's own. In its own time a deadline passes at the clock of the packet that is beyond it, above or below.
  [[nodiscard]] std::optional<Deadline> passed(const BasicFlow& flow, std::int64_t timestamp_ns,
                                               std::int64_t clock_ns) const {
    // As most packets are: in order, and of a flow that is younger than each timeout.
    if (timestamp_ns >= flow.last_ns() && timestamp_ns - flow.first_ns() <= shortest_ns_ &&
        clock_ns - flow.open.arrived_first_ns <= shortest_ns_) [[likely]]
      return std::nullopt;
    std::optional<Deadline> first;
    if (idle_ns_ != 0) {
      if (clock_ns - flow.arrived_last_ns > idle_ns_)
        first = {flow.arrived_last_ns + idle_ns_, EndReason::kIdleTimeout};
      else if (is_more_than_after(timestamp_ns, flow.last_ns(), idle_ns_) || is_far_below(flow, timestamp_ns))
        first = {clock_ns, EndReason::kIdleTimeout};
    }
    if (active_ns_ != 0) {
      std::optional<Deadline> active;
      if (clock_ns - flow.open.arrived_first_ns > active_ns_)
        active = {flow.open.arrived_first_ns + active_ns_, EndReason::kActiveTimeout};
      else if (is_more_than_after(timestamp_ns, flow.first_ns(), active_ns_) ||
               flow.last_ns() - timestamp_ns > longest_row_ns_)
        active = {clock_ns, EndReason::kActiveTimeout};
      if (active && (!first || active->at_ns <= first->at_ns)) first = active;
    }
    return first;
  }

  // A closed flow absorbs late packets no longer.
  [[nodiscard]] bool linger_is_over(const BasicFlow& flow, std::int64_t timestamp_ns, std::int64_t clock_ns) const {
    return clock_ns - flow.close.arrived_ns > linger_ns_ ||
           is_more_than_after(timestamp_ns, flow.close.timestamp_ns, linger_ns_) || is_far_below(flow, timestamp_ns) ||
           makes_row_too_long(flow, timestamp_ns);
  }

 private:
  static constexpr std::int64_t kNever = std::numeric_limits<std::int64_t>::max();

  [[nodiscard]] bool is_far_below(const BasicFlow& flow, std::int64_t timestamp_ns) const {
    return flow.last_ns() - timestamp_ns > idle_below_ns_;
  }
  [[nodiscard]] bool makes_row_too_long(const BasicFlow& flow, std::int64_t timestamp_ns) const {
    return flow.last_ns() - timestamp_ns > longest_row_ns_ || timestamp_ns - flow.first_ns() > longest_row_ns_;
  }

  std::int64_t idle_ns_;
  std::int64_t active_ns_;
  std::int64_t linger_ns_;
  std::int64_t shortest_ns_;     // of the timeouts that there are
  std::int64_t idle_below_ns_;   // a packet so far below the flow's last ends it; kNever: none does
  std::int64_t longest_row_ns_;  // kNever: no limit in the flow's own time but active_ns_ above its first
};

}  // namespace flowgauge
