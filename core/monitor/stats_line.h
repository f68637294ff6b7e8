// What a run did until now and since the last time, as one line of JSON. docs/monitoring.md has every name; they are
// stable. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "core/engine/run_status.h"

namespace flowgauge {

struct StatsMoment {
  const RunStatus* before = nullptr;  // null: nothing; counted from the beginning
  const RunStatus* now = nullptr;
  bool is_last = false;
  std::span<const std::string_view> conditions;  // that are wrong now
};

// With a newline at its end.
[[nodiscard]] std::string stats_line(const StatsMoment& moment);

}  // namespace flowgauge
