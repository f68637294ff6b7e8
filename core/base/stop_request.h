// A request to end a run early, in order: from a signal, a full disk, a failing plugin. Once made it stays.
// Any thread, and a signal handler, may make it; any thread may ask.
#pragma once

#include <atomic>

#include "core/base/handle.h"

namespace flowgauge {

class StopRequest {
 public:
  StopRequest();
  // Made, too, where `followed` is made, which outlives it. Its own request does not reach that one.
  explicit StopRequest(const StopRequest* followed);
  StopRequest(const StopRequest&) = delete;
  StopRequest& operator=(const StopRequest&) = delete;
  ~StopRequest() = default;

  // Async-signal-safe. Returns whether this was the first request.
  bool request() noexcept;
  // The same, and nobody wants the rows any more: they need not be made.
  bool abandon() noexcept;
  [[nodiscard]] bool abandoned() const noexcept {
    return abandoned_.load(std::memory_order_relaxed) || (followed_ != nullptr && followed_->abandoned());
  }
  [[nodiscard]] bool requested() const noexcept {
    return requested_.load(std::memory_order_relaxed) || (followed_ != nullptr && followed_->requested());
  }
  // Of its own request, for those who are given a flag.
  [[nodiscard]] const std::atomic<bool>& flag() const noexcept { return requested_; }
  // Becomes readable with the request and stays so: for poll() beside a read that may block. -1 if there is none.
  [[nodiscard]] int descriptor() const noexcept { return either_ ? either_.get() : event_.get(); }

 private:
  std::atomic<bool> requested_{false};
  std::atomic<bool> abandoned_{false};
  FileDescriptor event_;
  const StopRequest* followed_ = nullptr;
  FileDescriptor either_;  // readable where its own or the followed one is
};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

}  // namespace flowgauge
