// A run of several streams, each with counters that begin at 0 (`--per-file`), as one run.
#pragma once

#include <optional>

#include "core/engine/run_status.h"

namespace flowgauge {

class StatusSum {
 public:
  // Of the newest status of the stream at hand: with all streams before it. A stream ends with Phase::kDone.
  [[nodiscard]] RunStatus add(const RunStatus& status);

 private:
  std::optional<RunStatus> before_;  // all streams that are over
};

}  // namespace flowgauge
