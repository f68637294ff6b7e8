// How far the writing of rows is, told to whoever watches: which output is written, since when, and the time that went
// into it. One thread writes, any thread reads.
#pragma once

#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace flowgauge {

class WritingClock {
 public:
  using Clock = std::chrono::steady_clock;

  explicit WritingClock(std::size_t outputs) : rows_(outputs) {}

  // Around each write.
  void begin(std::size_t output) {
    output_.store(output, std::memory_order_relaxed);
    began_ns_.store(now_ns(), std::memory_order_release);
  }
  void end(std::size_t output, std::uint64_t rows) {
    const std::int64_t spent_ns = now_ns() - began_ns_.load(std::memory_order_relaxed);
    spent_ns_.store(spent_ns_.load(std::memory_order_relaxed) + spent_ns, std::memory_order_relaxed);
    began_ns_.store(0, std::memory_order_release);
    rows_[output].store(this->rows(output) + rows, std::memory_order_release);
  }

  // That the output has taken.
  [[nodiscard]] std::uint64_t rows(std::size_t output) const { return rows_[output].load(std::memory_order_acquire); }
  [[nodiscard]] std::size_t output() const { return output_.load(std::memory_order_relaxed); }
  // Of the write that is under way; 0: none is.
  [[nodiscard]] std::chrono::nanoseconds under_way() const {
    const std::int64_t began_ns = began_ns_.load(std::memory_order_acquire);
    return std::chrono::nanoseconds(began_ns == 0 ? 0 : now_ns() - began_ns);
  }
  // Of all that are over.
  [[nodiscard]] std::chrono::nanoseconds spent() const {
    return std::chrono::nanoseconds(spent_ns_.load(std::memory_order_relaxed));
  }

 private:
  static std::int64_t now_ns() { return std::chrono::nanoseconds(Clock::now().time_since_epoch()).count(); }

  std::vector<std::atomic<std::uint64_t>> rows_;
  std::atomic<std::size_t> output_{0};
  std::atomic<std::int64_t> began_ns_{0};
  std::atomic<std::int64_t> spent_ns_{0};
};

}  // namespace flowgauge
