// Turns the stamps of live packets into wall clock time, and notices when the wall clock is set (docs/semantics.md,
// section 3).
//
// The kernel program stamps with CLOCK_TAI (the wall clock without leap seconds) or, on kernels before 6.1, with
// CLOCK_BOOTTIME; libpcap with the wall clock. Setting the wall clock moves it, and TAI, against CLOCK_BOOTTIME, which
// nothing but time itself moves, be the machine asleep: that difference is what is watched. Single-threaded: each lane
// has its own, so that each moves its own times.
#pragma once

#include <cstdint>
#include <string>

namespace flowgauge {

enum class CaptureClock : std::uint8_t { kTai, kBoottime, kWall };

// The clocks at one moment.
struct ClockSample {
  std::int64_t boot_ns = 0;
  std::int64_t real_minus_boot_ns = 0;
  std::int64_t capture_minus_boot_ns = 0;  // 0 for kBoottime

  [[nodiscard]] std::int64_t wall_ns() const { return boot_ns + real_minus_boot_ns; }
};

[[nodiscard]] std::int64_t boot_time_ns();
[[nodiscard]] std::int64_t wall_time_ns();
[[nodiscard]] ClockSample sample_clocks(CaptureClock clock);

// A smaller step is time that goes on: nothing is moved for it.
inline constexpr std::int64_t kClockStepNs = 1'000'000'000;

// What users read of it.
[[nodiscard]] std::string step_message(std::int64_t step_ns);

class LiveClock {
 public:
  LiveClock(CaptureClock clock, const ClockSample& first);

  // To be called before stamps are turned, with a sample that is younger than they are. By how much the wall clock was
  // set since the last time; 0: it was not, or by no more than kClockStepNs.
  std::int64_t update(const ClockSample& sample);

  // A stamp as wall clock time; of one taken before the last step, as if the wall clock had been set before it already.
  [[nodiscard]] std::int64_t wall_ns(std::int64_t stamp_ns) const {
    if (jump_ns_ != 0) [[unlikely]]
      stamp_ns = after_jump(stamp_ns);
    return stamp_ns + wall_minus_stamp_ns_;
  }

  [[nodiscard]] std::int64_t wall_of_boot_ns(std::int64_t boot_ns) const { return boot_ns + real_minus_boot_ns_; }

 private:
  [[nodiscard]] std::int64_t after_jump(std::int64_t stamp_ns) const;
  void set_offsets(const ClockSample& sample);

  CaptureClock clock_;
  std::int64_t real_minus_boot_ns_ = 0;
  std::int64_t capture_minus_boot_ns_ = 0;
  std::int64_t wall_minus_stamp_ns_ = 0;
  // Of the capture clock, while stamps from before may still come.
  std::int64_t jump_ns_ = 0;
  std::int64_t jump_forgotten_at_ns_ = 0;  // boot time
  std::int64_t now_ns_ = 0;                // of the capture clock, at the last sample
};

}  // namespace flowgauge
