// The clock of a run over capture files: how far the run has come, told by its packets (docs/semantics.md, section 3).
// A packet far ahead does not move it before the two that follow agree, so that its answer may come late.
// Owner: the source, which sees all packets in arrival order; shards and the memory of fragments follow its readings.
//
// Readings never run back: after a step back the clock goes on from where it was, and timestamps count that much later.
// Thus whatever is kept with a reading keeps its age, and a step costs nothing.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>

namespace flowgauge {

// No reading is greater: a deadline, or a snapshot's next time, still fits 64 bits behind it.
inline constexpr std::int64_t kFurthestReadingNs = std::numeric_limits<std::int64_t>::max() - 2'100'000'000'000'000'000;

struct ClockRules {
  std::int64_t jump_ns = 0;  // how far from the clock a packet is wild; 0: none ever is
  // More than any age that matters. A run of wild packets moves readings on by less than a second more than this, so
  // that they stay in 64 bits however often time runs back and forth.
  std::int64_t horizon_ns = 0;
};

// Packets in a row, summed up.
struct PacketSpan {
  std::int64_t first_ns = 0;     // timestamp of the first
  std::int64_t least_ns = 0;     // of all
  std::int64_t greatest_ns = 0;  // of all
  std::uint64_t older = 0;       // packets that are older than one before them in the span
};

struct ClockCounters {
  std::uint64_t older_packets = 0;  // than the clock
  std::uint64_t ahead_packets = 0;  // wild ones that did not move it
  std::uint64_t steps = 0;          // back

  ClockCounters& operator+=(const ClockCounters& other);
};

class RunClock {
 public:
  explicit RunClock(const ClockRules& rules)
      : jump_ns_(rules.jump_ns == 0 ? std::numeric_limits<std::int64_t>::max() : rules.jump_ns),
        horizon_ns_(rules.horizon_ns) {}

  // Takes in the next packet's timestamp, in [-2^62, 2^62), if that is the reading, settled at once, as nearly always:
  // it is not older than the clock, no run began, and no step was before. False: it is not, and take_in() is to be
  // asked.
  bool take_in_plain(std::int64_t timestamp_ns) { return reading_less_packet_ns_ == 0 && take_in_calm(timestamp_ns); }

  // Takes it in, whatever it is. Gives the readings that are settled now: one for each packet that was held and is no
  // more, the oldest first, and then this packet's, unless it is held. Valid until the next call.
  std::span<const std::int64_t> take_in(std::int64_t timestamp_ns) {
    if (!take_in_calm(timestamp_ns)) return take_in_wild(timestamp_ns);
    settled_[0] = reading();
    return {settled_.data(), 1};
  }

  // Whether the clock goes along with these packets, none of them wild: the reading at each is as much more than
  // reading() as the greatest timestamp so far, of the span alone, is more than packet_ns(). False: that is not known.
  [[nodiscard]] bool goes_along(const PacketSpan& span) const {
    // As in take_in_calm(): no packet is held, and the first one is not older than the clock.
    return static_cast<std::uint64_t>(span.first_ns - packet_ns_) < calm_span_ns_ &&
           static_cast<std::uint64_t>(span.greatest_ns - span.least_ns) < calm_span_ns_ &&
           span.greatest_ns <= calm_until_ns_;
  }
  // Takes in such a span.
  void take_in(const PacketSpan& span) {
    packet_ns_ = span.greatest_ns;
    counters_.older_packets += span.older;
  }

  // End of input: a run of wild packets that began counts. The readings of those that are held.
  std::span<const std::int64_t> finish();

  [[nodiscard]] std::size_t held() const { return held_; }
  // The clock as packets' timestamps have it now, and the reading there. Once a packet was taken in.
  [[nodiscard]] std::int64_t packet_ns() const { return packet_ns_; }
  // Modulo 2^64, so that the two may be further apart than they can be themselves.
  [[nodiscard]] std::int64_t reading() const {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(packet_ns_) + reading_less_packet_ns_);
  }
  [[nodiscard]] const ClockCounters& counters() const { return counters_; }

 private:
  bool take_in_calm(std::int64_t timestamp_ns) {
    // The difference fits: both are timestamps. Of an older packet it is greater than any span.
    if (static_cast<std::uint64_t>(timestamp_ns - packet_ns_) >= calm_span_ns_ || timestamp_ns > calm_until_ns_)
        [[unlikely]]
      return false;
    packet_ns_ = timestamp_ns;
    return true;
  }

  static constexpr std::size_t kRun = 3;  // so many in a row move the clock

  std::span<const std::int64_t> take_in_wild(std::int64_t timestamp_ns);
  std::size_t settle_held(bool moves);
  void move_to(std::int64_t timestamp_ns);
  void count_older(std::int64_t ahead_ns) { counters_.older_packets += ahead_ns < 0 ? 1 : 0; }
  void set(std::int64_t packet_ns, std::int64_t reading_ns) {
    packet_ns_ = packet_ns;
    reading_less_packet_ns_ = static_cast<std::uint64_t>(reading_ns) - static_cast<std::uint64_t>(packet_ns);
  }
  void be_calm_or_not();

  std::uint64_t calm_span_ns_ = 0;  // a packet less than this ahead moves the clock; 0: not at once
  std::int64_t calm_until_ns_ = 0;  // and that not beyond this time
  std::int64_t packet_ns_ = 0;      // the clock, as packets' timestamps have it now
  std::uint64_t reading_less_packet_ns_ = 0;
  std::int64_t jump_ns_;
  std::int64_t horizon_ns_;
  std::int64_t furthest_ns_ = kFurthestReadingNs;  // where readings end, so that every age fits 64 bits, too
  bool is_started_ = false;
  std::size_t held_ = 0;    // packets ahead in a row, which wait for the next
  std::size_t behind_ = 0;  // packets behind in a row
  std::int64_t behind_greatest_ns_ = 0;
  std::array<std::int64_t, kRun> held_ns_{};  // their timestamps
  std::array<std::int64_t, kRun> settled_{};
  ClockCounters counters_;
};

}  // namespace flowgauge
