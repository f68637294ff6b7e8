// The wall clock of a live run, and what happens to the times of packets when somebody sets it (docs/semantics.md,
// section 3). Single-threaded: each lane has its own, so that each moves its own times.
#pragma once

#include <cstdint>

namespace flowgauge {

[[nodiscard]] std::int64_t realtime_ns();
[[nodiscard]] std::int64_t monotonic_ns();

inline constexpr std::int64_t kLeastClockStepNs = 1'000'000'000;  // less is drift: packets just look late or early

class WallClock {
 public:
  struct Reading {
    std::int64_t realtime_ns = 0;
    std::int64_t boot_ns = 0;
  };
  // Both clocks at one moment. Time since the start of the machine, be it asleep, is what nobody can set.
  [[nodiscard]] static Reading now();

  explicit WallClock(const Reading& start) : offset_ns_(start.realtime_ns - start.boot_ns) {}

  // By how much the wall clock was set forward between the last reading and this one; 0 if it was not.
  std::int64_t step_until(const Reading& reading);

  // A packet's time after the last step: packets from before it, which come for a while yet, move with it.
  [[nodiscard]] std::int64_t corrected(std::int64_t timestamp_ns, const Reading& reading) const;

 private:
  std::int64_t offset_ns_;
  std::int64_t step_ns_ = 0;        // the last
  std::int64_t stepped_at_ns_ = 0;  // since the start of the machine
};

}  // namespace flowgauge
