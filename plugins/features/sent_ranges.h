// The numbers that one direction of a TCP connection has sent, as ranges [seq, seq + payload + SYN + FIN). Numbers wrap
// at 2^32 (RFC 9293 3.4): each is taken as the one nearest to the range before it, so that ranges are compared as
// integers that never wrap.
#pragma once

#include <algorithm>
#include <array>
#include <flowgauge/sdk.hpp>

#include "keep_alive.h"

namespace sent_ranges {

constexpr std::uint8_t kTcp = 6;  // IANA protocol number
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::size_t kRanges = 4;  // kept per direction; of more, the lowest is forgotten

struct Range {
  std::int64_t begin;
  std::int64_t end;  // the first number behind it

  [[nodiscard]] bool empty() const { return begin == end; }
  bool operator<(const Range& other) const { return begin < other.begin; }
};

using Ranges = std::array<Range, kRanges>;  // the highest first; empty ones come last. No two overlap or touch

// The ranges of both directions below the highest, in 60 bytes: the size of each, and the hole between it and the one
// above. A packet begins at most 2^31 from the one before, so no hole is larger. Of a range that is larger than 2^48
// the highest numbers are kept.
class Lower {
 public:
  [[nodiscard]] Ranges below(const Range& highest, fg::Direction direction) const {
    Ranges ranges{highest};
    for (std::size_t i = 0; i < kLower && holes_[direction][i] > 0; ++i) {
      const std::int64_t end = ranges[i].begin - holes_[direction][i];
      ranges[i + 1] = {end - (std::int64_t{size_high_[direction][i]} << 32 | size_low_[direction][i]), end};
    }
    return ranges;
  }

  void keep(Ranges ranges, fg::Direction direction) {
    for (std::size_t i = 0; i < kLower; ++i) {
      Range& range = ranges[i + 1];
      range.begin = std::max(range.begin, range.end - kLargest);
      const std::int64_t hole = range.empty() ? 0 : ranges[i].begin - range.end;
      const std::int64_t size = range.end - range.begin;
      holes_[direction][i] = hole <= kLargestHole ? static_cast<std::uint32_t>(hole) : 0;
      size_low_[direction][i] = static_cast<std::uint32_t>(size);
      size_high_[direction][i] = static_cast<std::uint16_t>(size >> 32);
    }
  }

 private:
  static constexpr std::size_t kLower = kRanges - 1;
  static constexpr std::int64_t kLargest = (std::int64_t{1} << 48) - 1;
  static constexpr std::int64_t kLargestHole = (std::int64_t{1} << 32) - 1;  // beyond it: below what was not kept

  std::uint32_t holes_[2][kLower];  // 0: there is no such range
  std::uint32_t size_low_[2][kLower];
  std::uint16_t size_high_[2][kLower];
};

// One direction. In order, data only moves the end of the highest range.
struct Seen {
  Range highest;
  std::int64_t reference;  // begin of the range before
  std::uint64_t repeated;  // packets, or their bytes: what add() is told that each counts
  std::uint32_t next;      // see is_keep_alive
  bool next_is_known;

  // `lower` is made when a second range begins.
  void add(std::uint32_t seq, std::int64_t size, fg::Owned<Lower>& lower, fg::Direction direction,
           std::uint64_t counts) {
    // The number nearest to the reference, whose low 32 bits are the last sequence number.
    const std::int64_t begin = reference + static_cast<std::int32_t>(seq - static_cast<std::uint32_t>(reference));
    // As most are, those without a range, too: which of them have one cannot be foreseen.
    if (begin == highest.end) [[likely]] {
      reference = size == 0 ? reference : begin;
      highest.end += size;
      return;
    }
    if (size == 0) return;
    if (highest.empty()) {
      reference = seq;
      highest = {reference, reference + size};
    } else {
      reference = begin;
      add_elsewhere({begin, begin + size}, lower, direction, counts);
    }
  }

 private:
  void add_elsewhere(const Range& sent, fg::Owned<Lower>& lower, fg::Direction direction, std::uint64_t counts) {
    const Ranges ranges = lower ? lower.get()->below(highest, direction) : Ranges{highest};
    bool overlaps = false;
    Range merged = sent;
    std::array<Range, kRanges + 1> kept{};
    std::size_t count = 0;
    for (const Range& range : ranges) {
      if (range.empty()) continue;
      overlaps |= range.begin < sent.end && sent.begin < range.end;
      if (range.begin <= sent.end && sent.begin <= range.end) {
        merged = {std::min(merged.begin, range.begin), std::max(merged.end, range.end)};
      } else {
        kept[count++] = range;
      }
    }
    repeated += overlaps ? counts : 0;
    const auto place = std::find_if(kept.begin(), kept.begin() + count, [&](const Range& r) { return r < merged; });
    std::move_backward(place, kept.begin() + count, kept.begin() + count + 1);
    *place = merged;

    highest = kept[0];
    if (count == 0 && !lower) return;
    Ranges highest_ones;
    std::copy_n(kept.begin(), kRanges, highest_ones.begin());
    lower.get_or_create().keep(highest_ones, direction);
  }
};

// Both directions.
struct BothSides {
  Seen seen[2];  // by direction, as is
  fg::Owned<Lower> lower;

  // `counts`: what a packet that repeats adds to Seen::repeated.
  void add(const fg::Packet& packet, fg::Direction direction, std::uint64_t counts) {
    if (packet.ip_protocol != kTcp || (packet.marks & FG_MARK_LATER_FRAGMENT) != 0) return;
    Seen& own = seen[direction];
    if (is_keep_alive(packet, own.next, own.next_is_known)) [[unlikely]]
      return;
    const bool syn = (packet.tcp_flags & kSyn) != 0;
    const bool fin = (packet.tcp_flags & kFin) != 0;
    const std::int64_t size = std::int64_t{packet.payload_length_bytes} + int{syn} + int{fin};
    own.add(packet.tcp_seq, size, lower, direction, counts);
  }
};
static_assert(sizeof(BothSides) == 88, "40 of it are touched by data in order");
static_assert(sizeof(Lower) == 60);

}  // namespace sent_ranges
