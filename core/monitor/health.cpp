#include "core/monitor/health.h"

#include <fmt/format.h>

#include "core/engine/output_place.h"
#include "core/monitor/conditions.h"

namespace flowgauge {
namespace {

// What is slow recovers; so long only what is stuck takes.
constexpr std::chrono::seconds kStuck{10};

double seconds_long(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

}  // namespace

std::optional<std::string> what_ails(const RunStatus& status, std::chrono::nanoseconds age) {
  if (age >= kStuck) return fmt::format("nothing was heard of the run for {:.0f} s", seconds_long(age));
  if (status.lag.in_write >= kStuck) {
    const bool is_known = status.lag.written_output < status.outputs.size();
    return fmt::format("{} has taken no row for {:.0f} s",
                       shown_place(is_known ? status.outputs[status.lag.written_output].path : ""),
                       seconds_long(status.lag.in_write));
  }
  for (const OutputStatus& output : status.outputs)
    for (const SinkCondition& one : output.conditions)
      if (one.held_for >= kStuck)
        return fmt::format("{}, for {:.0f} s: {}", shown_place(output.path), seconds_long(one.held_for), one.text);
  for (std::size_t lane = 0; lane < status.workers.size(); ++lane)
    if (const auto lag = lag_of(status.workers[lane], status); lag && *lag >= kStuck)
      return fmt::format("lane {} is {:.0f} s behind the traffic", lane, seconds_long(*lag));
  return std::nullopt;
}

}  // namespace flowgauge
