#include "core/live/live_clock.h"

#include <fmt/format.h>

#include <cstdlib>
#include <ctime>
#include <limits>

#include "core/base/nanoseconds.h"

namespace flowgauge {
namespace {

// Two clocks cannot be read at once; what looks like a change and is smaller, is the time between the two readings.
constexpr std::int64_t kReadingErrorNs = 1'000'000;

// How long stamps from before a step may still come out of the ring.
constexpr std::int64_t kJumpMemoryNs = kNsPerSecond;

std::int64_t read_clock(clockid_t clock) {
  timespec time{};
  ::clock_gettime(clock, &time);
  return time.tv_sec * kNsPerSecond + time.tv_nsec;
}

bool differ(std::int64_t a, std::int64_t b, std::int64_t by) { return std::llabs(a - b) > by; }

// CLOCK_TAI is whole seconds ahead of the wall clock.
std::int64_t whole_seconds(std::int64_t ns) {
  const std::int64_t half = ns < 0 ? -kNsPerSecond / 2 : kNsPerSecond / 2;
  return (ns + half) / kNsPerSecond * kNsPerSecond;
}

}  // namespace

std::int64_t boot_time_ns() { return read_clock(CLOCK_BOOTTIME); }
std::int64_t wall_time_ns() { return read_clock(CLOCK_REALTIME); }

std::string step_message(std::int64_t step_ns) {
  return fmt::format("the wall clock was set by {:+.3f} s; the times of all flows move with it",
                     static_cast<double>(step_ns) / kNsPerSecond);
}

ClockSample sample_clocks(CaptureClock clock) {
  constexpr int kTries = 20;
  ClockSample best;
  std::int64_t shortest = std::numeric_limits<std::int64_t>::max();
  for (int attempt = 0; attempt < kTries && shortest > kReadingErrorNs / 10; ++attempt) {
    const std::int64_t before = boot_time_ns();
    const std::int64_t real = wall_time_ns();
    const std::int64_t tai = clock == CaptureClock::kTai ? read_clock(CLOCK_TAI) : 0;
    const std::int64_t after = boot_time_ns();
    if (after - before >= shortest) continue;
    shortest = after - before;
    best.boot_ns = before + shortest / 2;
    best.real_minus_boot_ns = real - best.boot_ns;
    best.capture_minus_boot_ns = clock == CaptureClock::kTai    ? tai - best.boot_ns
                                 : clock == CaptureClock::kWall ? best.real_minus_boot_ns
                                                                : 0;
  }
  return best;
}

LiveClock::LiveClock(CaptureClock clock, const ClockSample& first) : clock_(clock) { set_offsets(first); }

void LiveClock::set_offsets(const ClockSample& sample) {
  real_minus_boot_ns_ = sample.real_minus_boot_ns;
  capture_minus_boot_ns_ = sample.capture_minus_boot_ns;
  const std::int64_t difference_ns = real_minus_boot_ns_ - capture_minus_boot_ns_;
  wall_minus_stamp_ns_ = clock_ == CaptureClock::kTai ? whole_seconds(difference_ns) : difference_ns;
}

std::int64_t LiveClock::update(const ClockSample& sample) {
  now_ns_ = sample.boot_ns + sample.capture_minus_boot_ns;
  if (jump_ns_ != 0 && sample.boot_ns > jump_forgotten_at_ns_) jump_ns_ = 0;
  const bool wall_moved = differ(sample.real_minus_boot_ns, real_minus_boot_ns_, kReadingErrorNs);
  const bool capture_moved = differ(sample.capture_minus_boot_ns, capture_minus_boot_ns_, kReadingErrorNs);
  if (!wall_moved && !capture_moved) [[likely]]
    return 0;  // the offsets stay as they are, so that gaps between packets are exact
  const std::int64_t step_ns = sample.real_minus_boot_ns - real_minus_boot_ns_;
  const std::int64_t jump_ns = sample.capture_minus_boot_ns - capture_minus_boot_ns_;
  if (std::llabs(jump_ns) > kClockStepNs) {
    jump_ns_ = jump_ns;
    jump_forgotten_at_ns_ = sample.boot_ns + kJumpMemoryNs;
  }
  set_offsets(sample);
  return std::llabs(step_ns) > kClockStepNs ? step_ns : 0;
}

// Stamps are fresh: one from before the jump is nearer to what the clock would show now without it.
std::int64_t LiveClock::after_jump(std::int64_t stamp_ns) const {
  const bool from_before = std::llabs(stamp_ns - (now_ns_ - jump_ns_)) < std::llabs(stamp_ns - now_ns_);
  return from_before ? stamp_ns + jump_ns_ : stamp_ns;
}

}  // namespace flowgauge
