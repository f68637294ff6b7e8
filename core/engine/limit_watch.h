// Sees that a live run has reached a limit, from a thread of its own: the run's own may be held up by an output whose
// reader takes nothing.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>

#include "core/base/stop_request.h"
#include "core/engine/live_pipeline.h"
#include "core/engine/watch_thread.h"

namespace flowgauge {

class LimitWatch {
 public:
  using TimePoint = WatchThread::TimePoint;

  // Makes the request once a limit is reached; starts nothing where there is none. Any thread may ask for `packets`.
  LimitWatch(const LiveLimits& limits, TimePoint start, std::function<std::uint64_t()> packets, StopRequest& ending);
  LimitWatch(const LimitWatch&) = delete;
  LimitWatch& operator=(const LimitWatch&) = delete;
  ~LimitWatch() = default;

  // Any thread.
  [[nodiscard]] std::optional<LiveEnd> reached(TimePoint now) const;

 private:
  [[nodiscard]] TimePoint next_look() const;

  const LiveLimits limits_;
  const TimePoint start_;
  const std::function<std::uint64_t()> packets_;
  StopRequest& ending_;
  WatchThread thread_;
};

}  // namespace flowgauge
