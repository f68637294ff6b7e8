// Which records to look at when the clock enters a second. Lazy: a record stays in the bucket it was put in,
// however often its deadline moves on, and is put back when it turns out not to be due. Nothing per packet.
// Doubly linked through dense arrays, so that a flow that ends early leaves at once and memory stays bounded.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

namespace flowgauge {

class TimerWheel {
 public:
  TimerWheel() { heads_.fill(kNone); }

  // Seconds are since the epoch. `now` is the clock's second; a second further away than the wheel reaches is looked at
  // when the wheel's end comes.
  void arm(std::uint32_t record, std::int64_t second, std::int64_t now);
  void disarm(std::uint32_t record);
  // Of a record that will soon be disarmed: its neighbours lie anywhere.
  void prefetch(std::uint32_t record) const {
    if (record < links_.size()) __builtin_prefetch(&links_[record], 1);
  }

  // Takes out every record of the seconds after `from` up to `to` and hands it to `due(record)`, which may arm it
  // again.
  template <class Due>
  void advance(std::int64_t from, std::int64_t to, Due&& due) {
    const std::int64_t steps = to - from < kSeconds ? to - from : kSeconds;
    taken_.clear();
    for (std::int64_t step = 1; step <= steps; ++step) take_bucket(bucket_of(from + step));
    for (const std::uint32_t record : taken_) due(record);
  }

 private:
  static constexpr std::int64_t kSeconds = 1024;
  static constexpr std::uint32_t kNone = 0xFFFFFFFF;

  struct Link {
    std::uint32_t previous = kNone;
    std::uint32_t next = kNone;
    std::uint32_t bucket = kNone;  // kNone: not armed
  };

  static std::uint32_t bucket_of(std::int64_t second) { return static_cast<std::uint32_t>(second & (kSeconds - 1)); }
  void take_bucket(std::uint32_t bucket);

  std::array<std::uint32_t, kSeconds> heads_;
  std::vector<Link> links_;  // by record
  std::vector<std::uint32_t> taken_;
};

}  // namespace flowgauge
