// The words that reports, statistics and metrics have for the same thing.
#pragma once

#include <string_view>

#include "core/flow/flow_record.h"
#include "core/live/live_source.h"

namespace flowgauge {

// "idle_timeout"
[[nodiscard]] std::string_view end_reason_name(EndReason reason);
// "ingress", "egress", "both"
[[nodiscard]] std::string_view direction_name(TrafficDirection direction);

}  // namespace flowgauge
