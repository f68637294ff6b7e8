// Who sees the packets of an interface before the kernel program of a run would. Changes nothing.
#pragma once

#include <cstdint>

#include "core/host/capture_method.h"

namespace flowgauge {

// How many programs of TCX and filters of tc. Those of TCX count only with CAP_NET_ADMIN. `method`: kTcx or kClsact.
[[nodiscard]] std::uint32_t programs_before(std::uint32_t interface_index, TrafficDirection direction,
                                            AttachMethod method);

}  // namespace flowgauge
