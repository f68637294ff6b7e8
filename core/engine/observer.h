// Who watches a run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "core/engine/run_status.h"

namespace flowgauge {

// Called on the thread that runs the run, which waits for it. Without `status` nothing is gathered.
struct Observer {
  enum class TrafficWanted : std::uint8_t { kNo, kYes };

  // Now and then while something happens, and once more at the end, with Phase::kDone. Where memory is at its end that
  // one may not come.
  std::function<void(const RunStatus&)> status;
  std::chrono::nanoseconds every = std::chrono::milliseconds(200);  // at most this often
  TrafficWanted traffic = TrafficWanted::kNo;                       // RunStatus::traffic, which costs a sample
};

}  // namespace flowgauge
