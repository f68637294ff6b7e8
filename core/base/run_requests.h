// What a live run is asked for while it goes on. Async-signal-safe: a signal handler asks, the run takes it up.
#pragma once

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>

namespace flowgauge {

enum class RunAsked : std::uint8_t {
  kReopen,     // end all files, and begin the next ones
  kStatus,     // say how the run stands
  kSnapshots,  // write a row of each flow that is open
};
inline constexpr std::size_t kRunAskedKinds = 3;

class RunRequests {
 public:
  void ask(RunAsked what) noexcept { asked_[static_cast<std::size_t>(what)].store(true, std::memory_order_relaxed); }
  // Whether it was asked for since it was taken last; several times in between are one.
  [[nodiscard]] bool take(RunAsked what) noexcept {
    return asked_[static_cast<std::size_t>(what)].exchange(false, std::memory_order_relaxed);
  }

 private:
  std::array<std::atomic<bool>, kRunAskedKinds> asked_{};
};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

}  // namespace flowgauge
