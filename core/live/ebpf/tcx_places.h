// The places of TCX, as Linux 6.6's include/uapi/linux/bpf.h numbers them: Debian 12's headers do not have them.
#pragma once

#include <cstdint>

#include "core/host/capture_method.h"

namespace flowgauge {

[[nodiscard]] constexpr std::uint32_t tcx_attach_type(TrafficDirection direction) {
  return direction == TrafficDirection::kIngress ? 46 : 47;
}

}  // namespace flowgauge
