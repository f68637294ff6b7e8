// Captured frames on wires again: each frame as it is, at its time. A capture's two sides are told apart by the source
// MAC of its first frame: what that host sent comes from the far end of the wire, the rest from the near one, so that
// the near end has both ingress and egress.
#pragma once

#include <string>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

struct ReplayPlan {
  std::string far, near;                        // namespaces
  std::vector<std::vector<std::string>> wires;  // captures of each wire, one behind the other; Ethernet all
  int cpu = 0;
};

// Says "wire N: K frames, L left out" for each wire (too short or too long to be sent), waits for a line on standard
// input, and sends.
[[nodiscard]] Result<void> replay(const ReplayPlan& plan);

}  // namespace flowgauge
