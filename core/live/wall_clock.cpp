#include "core/live/wall_clock.h"

#include <cstdlib>
#include <ctime>

#include "core/live/live_clock.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kNsPerSecond = 1'000'000'000;
constexpr std::int64_t kOldPacketsNs = kNsPerSecond;  // how long after a step packets from before it may come
constexpr std::int64_t kOneMomentNs = 1'000'000;
constexpr int kTries = 8;

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  clock_gettime(clock, &time);
  return std::int64_t{time.tv_sec} * kNsPerSecond + time.tv_nsec;
}

}  // namespace

std::int64_t realtime_ns() { return read_clock(CLOCK_REALTIME); }
std::int64_t monotonic_ns() { return read_clock(CLOCK_MONOTONIC); }

// A thread that loses its core between the two clocks would see a step where none was.
WallClock::Reading WallClock::now() {
  Reading reading;
  for (int i = 0; i < kTries; ++i) {
    reading.boot_ns = boot_time_ns();
    reading.realtime_ns = realtime_ns();
    if (boot_time_ns() - reading.boot_ns < kOneMomentNs) break;
  }
  return reading;
}

std::int64_t WallClock::step_until(const Reading& reading) {
  const std::int64_t offset_ns = reading.realtime_ns - reading.boot_ns;
  const std::int64_t step_ns = offset_ns - offset_ns_;
  offset_ns_ = offset_ns;  // drift is followed, so that it never adds up to a step
  if (std::abs(step_ns) <= kLeastClockStepNs) return 0;
  step_ns_ = step_ns;
  stepped_at_ns_ = reading.boot_ns;
  return step_ns;
}

// Packets are at most parts of a second old when they are read, and the step was longer: the nearer reading is right.
std::int64_t WallClock::corrected(std::int64_t timestamp_ns, const Reading& reading) const {
  if (step_ns_ == 0 || reading.boot_ns - stepped_at_ns_ > kOldPacketsNs) return timestamp_ns;
  const std::int64_t moved_ns = timestamp_ns + step_ns_;
  return std::abs(moved_ns - reading.realtime_ns) < std::abs(timestamp_ns - reading.realtime_ns) ? moved_ns
                                                                                                 : timestamp_ns;
}

}  // namespace flowgauge
