// Where a filter of clsact stands among others: packets as they are on the wire, so early at ingress and late at
// egress.
#pragma once

#include <cstdint>

#include "core/host/capture_method.h"

namespace flowgauge {

[[nodiscard]] constexpr std::uint32_t clsact_priority(TrafficDirection direction) {
  return direction == TrafficDirection::kIngress ? 61 : 61061;
}

}  // namespace flowgauge
