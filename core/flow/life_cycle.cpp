#include "core/flow/life_cycle.h"

#include <algorithm>
#include <limits>

#include "core/packet/fragment_table.h"

namespace flowgauge {

ClockRules clock_rules(const LifeCycle& rules) {
  // Flows that never end have any age, and snapshots at its multiples: then nothing is cut off.
  const bool never_end = rules.idle_timeout_ns == 0 && rules.active_timeout_ns == 0;
  if (never_end) return {.jump_ns = rules.clock_jump_ns, .horizon_ns = std::numeric_limits<std::int64_t>::max()};
  const std::int64_t longest_ns = std::max({rules.idle_timeout_ns + kEndedMemoryNs, rules.active_timeout_ns,
                                            rules.linger_ns, rules.early_export_ns, kFragmentMemoryNs});
  // A flow leaves in the second after its deadline.
  return {.jump_ns = rules.clock_jump_ns, .horizon_ns = longest_ns + 2 * kNsPerSecond};
}

}  // namespace flowgauge
