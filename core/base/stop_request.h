// A request to end a run early, in order: from a signal, a full disk, a failing plugin. Once made it stays.
// Any thread, and a signal handler, may make it; any thread may ask.
#pragma once

#include <atomic>

#include "core/base/handle.h"

namespace flowgauge {

class StopRequest {
 public:
  StopRequest();
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;
  ~StopRequest() = default;

  // Async-signal-safe. Returns whether this was the first request.
  bool request() noexcept;
  // The same, and nobody wants the rows any more: they need not be made.
  bool abandon() noexcept;
  [[nodiscard]] bool abandoned() const noexcept { return abandoned_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool requested() const noexcept { return requested_.load(std::memory_order_relaxed); }
  // What requested() looks at, for those who are given a flag.
  [[nodiscard]] const std::atomic<bool>& flag() const noexcept { return requested_; }
  // Becomes readable with the request and stays so: for poll() beside a read that may block. -1 if there is none.
  [[nodiscard]] int descriptor() const noexcept { return event_.get(); }

 private:
  std::atomic<bool> requested_{false};
  std::atomic<bool> abandoned_{false};
  FileDescriptor event_;
};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

}  // namespace flowgauge
