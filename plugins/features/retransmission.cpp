// retransmission: TCP packets whose sequence range [seq, seq + payload + SYN + FIN) overlaps one already seen in their
// direction. Pure ACKs have no range. Numbers wrap at 2^32 (RFC 9293 3.4): each is taken as the one nearest to the range
// before it, so that ranges are compared as integers that never wrap.
#include <algorithm>
#include <array>
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint8_t kTcp = 6;  // IANA protocol number
constexpr std::uint8_t kFin = 0x01;
constexpr std::uint8_t kSyn = 0x02;
constexpr std::size_t kRanges = 4;  // kept per direction; of more, the lowest is forgotten

struct Uint48 {
  std::uint16_t parts[3];

  static constexpr std::int64_t kMax = (std::int64_t{1} << 48) - 1;
  [[nodiscard]] std::int64_t get() const {
    return static_cast<std::int64_t>(parts[0] | std::uint64_t{parts[1]} << 16 | std::uint64_t{parts[2]} << 32);
  }
  void set(std::int64_t value) {
    parts[0] = static_cast<std::uint16_t>(value);
    parts[1] = static_cast<std::uint16_t>(value >> 16);
    parts[2] = static_cast<std::uint16_t>(value >> 32);
  }
};

struct Range {
  std::int64_t begin;
  std::int64_t end;  // the first number behind it
};

// Up to kRanges ranges that neither overlap nor touch, the highest first, and one more while it is being added.
struct Ranges {
  std::array<Range, kRanges + 1> items;
  std::size_t count = 0;

  // Puts `added` in, merged with all that it overlaps or touches. True if it overlapped any.
  bool add(Range added) {
    bool overlaps = false;
    std::array<Range, kRanges + 1> all;
    std::size_t kept = 0;
    const Range sent = added;
    for (std::size_t i = 0; i < count; ++i) {
      const Range& range = items[i];
      overlaps |= range.begin < sent.end && sent.begin < range.end;
      if (range.begin <= sent.end && sent.begin <= range.end) {
        added = {std::min(added.begin, range.begin), std::max(added.end, range.end)};
      } else {
        all[kept++] = range;
      }
    }
    std::size_t at = kept;
    for (; at > 0 && all[at - 1].end < added.begin; --at) all[at] = all[at - 1];
    all[at] = added;
    items = all;
    count = std::min(kept + 1, kRanges);
    return overlaps;
  }
};

// One direction. Of the highest range the end is kept, below it the lengths of ranges and of the gaps between them, in
// turns. Lengths have 48 bits: a range remembers its last 256 TiB, and what lies below a wider gap is forgotten.
struct Seen {
  std::int64_t top;        // end of the highest range
  std::int64_t reference;  // begin of the range before
  Uint48 lengths[2 * kRanges - 1];
  Uint48 retransmitted;  // packets

  void add(std::uint32_t seq, std::int64_t size) {
    if (size == 0) return;
    const bool first = lengths[0].get() == 0;
    // The number nearest to the reference, whose low 32 bits are the last sequence number.
    const auto distance = static_cast<std::int32_t>(seq - static_cast<std::uint32_t>(reference));
    const std::int64_t begin = first ? std::int64_t{seq} : reference + distance;
    reference = begin;
    const std::int64_t length = lengths[0].get() + size;
    if (begin == top && !first && length <= Uint48::kMax) [[likely]] {
      top += size;
      lengths[0].set(length);
      return;
    }
    Ranges ranges = unpack();
    if (ranges.add({begin, begin + size})) retransmitted.set(retransmitted.get() + 1);
    pack(ranges);
  }

 private:
  [[nodiscard]] Ranges unpack() const {
    Ranges ranges;
    std::int64_t end = top;
    for (std::size_t i = 0; i < kRanges && lengths[2 * i].get() > 0; ++i) {
      ranges.items[i] = {end - lengths[2 * i].get(), end};
      ranges.count = i + 1;
      if (i + 1 < kRanges) end = ranges.items[i].begin - lengths[2 * i + 1].get();
    }
    return ranges;
  }

  void pack(const Ranges& ranges) {
    top = ranges.items[0].end;
    std::size_t i = 0;
    for (; i < ranges.count; ++i) {
      const Range& range = ranges.items[i];
      if (i > 0) {
        const std::int64_t gap = ranges.items[i - 1].begin - range.end;
        if (gap > Uint48::kMax) break;
        lengths[2 * i - 1].set(gap);
      }
      lengths[2 * i].set(std::min(range.end - range.begin, Uint48::kMax));
      if (range.end - range.begin > Uint48::kMax) {
        ++i;
        break;  // gaps count from its true beginning
      }
    }
    for (; i < kRanges; ++i) lengths[2 * i].set(0);
  }
};

struct Retransmission {
  static constexpr fg::About kAbout{
      .name = "retransmission", .version = "1.0", .doc = "TCP packets that repeat sequence numbers, per direction."};
  static constexpr fg::Column kColumns[] = {
      {"fwd", "Packets of the source side that repeat sequence numbers", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd", "Packets of the other side that repeat sequence numbers", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  Seen seen[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.ip_protocol != kTcp || (packet.marks & FG_MARK_LATER_FRAGMENT) != 0) return;
    const bool syn = (packet.tcp_flags & kSyn) != 0;
    const bool fin = (packet.tcp_flags & kFin) != 0;
    seen[direction].add(packet.tcp_seq, std::int64_t{packet.payload_length_bytes} + int{syn} + int{fin});
  }

  void emit(fg::Row<Retransmission>& row, const fg::Flow&) const {
    row.set<"fwd">(static_cast<std::uint64_t>(seen[fg::kForward].retransmitted.get()));
    row.set<"bwd">(static_cast<std::uint64_t>(seen[fg::kBackward].retransmitted.get()));
  }
};
static_assert(sizeof(Retransmission) == 128, "one cache line a direction");

}  // namespace

FG_MODULE("retransmission", "1.0", "Apache-2.0", fg::Features<Retransmission>, fg::Schemas<>);
