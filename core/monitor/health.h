// Whether a run does what it is there for: the answer of /healthz. Pure.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "core/engine/run_status.h"

namespace flowgauge {

// What keeps the run from its work, as a sentence; none: all is well. `age`: how old the status is.
[[nodiscard]] std::optional<std::string> what_ails(const RunStatus& status, std::chrono::nanoseconds age);

}  // namespace flowgauge
