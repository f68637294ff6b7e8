// What a run did until now in the text format of Prometheus, version 0.0.4. docs/monitoring.md has every name; they are
// stable. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/engine/run_status.h"

namespace flowgauge {

inline constexpr std::string_view kMetricsContentType = "text/plain; version=0.0.4; charset=utf-8";

// `conditions`: that are wrong now.
[[nodiscard]] std::string metrics_text(const RunStatus& status, std::span<const std::string_view> conditions);

}  // namespace flowgauge
