// Who watches a run.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>

#include "core/engine/run_status.h"

namespace flowgauge {

// `status` is called on the thread that runs the run, which waits for it. Without it and `steady` nothing is gathered.
struct Observer {
  enum class TrafficWanted : std::uint8_t { kNo, kYes };

  // Now and then while something happens, and once more at the end, with Phase::kDone. Where memory is at its end that
  // one may not come.
  std::function<void(const RunStatus&)> status;
  std::chrono::nanoseconds every = std::chrono::milliseconds(200);  // at most this often
  TrafficWanted traffic = TrafficWanted::kNo;                       // RunStatus::traffic, which costs a sample

  // The same on a thread of its own, at a steady pace: also while the run waits for its input, or for whoever reads an
  // output. At once when the run begins, and at its end on the thread that runs it.
  std::function<void(const RunStatus&)> steady;
  std::chrono::nanoseconds steadily_every = std::chrono::milliseconds(500);
};

}  // namespace flowgauge
