#include "core/packet/run_clock.h"

#include "core/base/nanoseconds.h"

namespace flowgauge {
namespace {}  // namespace

ClockCounters& ClockCounters::operator+=(const ClockCounters& other) {
  older_packets += other.older_packets;
  ahead_packets += other.ahead_packets;
  steps += other.steps;
  return *this;
}

std::span<const std::int64_t> RunClock::take_in_wild(std::int64_t timestamp_ns) {
  if (!is_started_) {
    is_started_ = true;
    if (timestamp_ns < 0)
      furthest_ns_ = std::min(kFurthestReadingNs, std::numeric_limits<std::int64_t>::max() + timestamp_ns);
    set(timestamp_ns, timestamp_ns);
    be_calm_or_not();
    settled_[0] = timestamp_ns;
    return {settled_.data(), 1};
  }
  const std::int64_t ahead_ns = timestamp_ns - packet_ns_;
  const bool is_ahead = ahead_ns > jump_ns_;
  std::size_t settled = 0;
  if (held_ > 0) {
    const std::int64_t apart_ns = timestamp_ns - held_ns_[held_ - 1];
    if (!is_ahead || apart_ns > jump_ns_ || apart_ns < -jump_ns_) settled = settle_held(false);
  }
  if (is_ahead) {
    behind_ = 0;
    held_ns_[held_++] = timestamp_ns;
    if (held_ == kRun) settled = settle_held(true);
  } else {
    count_older(ahead_ns);
    if (ahead_ns < -jump_ns_) {
      behind_greatest_ns_ = behind_ == 0 ? timestamp_ns : std::max(behind_greatest_ns_, timestamp_ns);
      if (++behind_ == kRun) {
        set(behind_greatest_ns_, reading());
        behind_ = 0;
        ++counters_.steps;
      }
    } else {
      behind_ = 0;
      if (ahead_ns > 0) set(timestamp_ns, reading() + std::min(ahead_ns, furthest_ns_ - reading()));
    }
    settled_[settled++] = reading();
  }
  be_calm_or_not();
  return {settled_.data(), settled};
}

std::span<const std::int64_t> RunClock::finish() { return {settled_.data(), settle_held(true)}; }

std::size_t RunClock::settle_held(bool moves) {
  const std::size_t settled = held_;
  for (std::size_t i = 0; i < settled; ++i) {
    if (moves)
      move_to(held_ns_[i]);
    else
      ++counters_.ahead_packets;
    settled_[i] = reading();
  }
  held_ = 0;
  return settled;
}

// To a packet of a run, which may be far ahead.
void RunClock::move_to(std::int64_t timestamp_ns) {
  const std::int64_t ahead_ns = timestamp_ns - packet_ns_;
  count_older(ahead_ns);
  if (ahead_ns <= 0) return;
  // By whole seconds less, so that readings enter seconds where timestamps do.
  const std::int64_t excess_ns = std::max<std::int64_t>(0, ahead_ns - horizon_ns_) / kNsPerSecond * kNsPerSecond;
  set(timestamp_ns, reading() + std::min(ahead_ns - excess_ns, furthest_ns_ - reading()));
}

// As long as no run is under way, and readings are not where they end, the clock goes with the packets.
void RunClock::be_calm_or_not() {
  calm_span_ns_ = held_ == 0 && behind_ == 0 ? static_cast<std::uint64_t>(jump_ns_) + 1 : 0;
  const std::int64_t room_ns = furthest_ns_ - reading();
  calm_until_ns_ = packet_ns_ > std::numeric_limits<std::int64_t>::max() - room_ns
                       ? std::numeric_limits<std::int64_t>::max()
                       : packet_ns_ + room_ns;
}

}  // namespace flowgauge
