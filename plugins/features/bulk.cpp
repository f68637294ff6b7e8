// bulk: at least 4 packets with payload in one direction, no gap over 1 s between them, ended by a payload packet of
// the other direction, a longer gap or the flow's end. Packets without payload neither count nor end anything.
#include <algorithm>
#include <array>
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint64_t kFewestPackets = 4;
constexpr std::int64_t kGapNs = 1'000'000'000;

// At most one is open at a time, whichever the direction.
struct OpenBulk {
  std::int64_t first_ns;
  std::int64_t last_ns;  // greatest so far: a packet out of order does not move it back
  std::uint64_t bytes;
  std::uint64_t packets : 63;  // 0: none is open
  std::uint64_t direction : 1;

  [[nodiscard]] bool takes(const fg::Packet& packet, fg::Direction sent) const {
    return (packets > 0) & (direction == sent) & (packet.time_ns - last_ns <= kGapNs);
  }
  // `begins`: as the first of another one. Packets without payload change nothing.
  void add(const fg::Packet& packet, fg::Direction sent, bool begins) {
    const std::uint64_t payload_packets = packet.payload_length_bytes > 0 ? 1 : 0;
    const std::int64_t greatest_ns = payload_packets > 0 ? std::max(last_ns, packet.time_ns) : last_ns;
    first_ns = begins ? packet.time_ns : first_ns;
    last_ns = begins ? packet.time_ns : greatest_ns;
    bytes = (begins ? 0 : bytes) + packet.payload_length_bytes;
    packets = (begins ? 0 : packets) + payload_packets;
    direction = begins ? std::uint64_t{sent} : direction;
  }
};

// How many packets the ended bulks of a direction had: a Series64 and its count in 32 bytes. The series holds all of
// them as long as `sum` does: each bulk has 4 or more, and the squares are at most the square of the sum.
struct [[gnu::packed]] PacketSeries {
  static constexpr std::uint64_t kMost = (std::uint64_t{1} << 42) - 1;

  std::uint64_t squares_low;
  std::uint64_t squares_high : 22;
  std::uint64_t sum : 42;
  std::uint64_t min : 42;
  std::uint64_t max : 42;
  std::uint64_t count : 40;

  [[nodiscard]] bool has_room_for(std::uint64_t packets) const { return packets <= kMost - sum; }
  void add(std::uint64_t packets) {
    const unsigned __int128 squares = ((static_cast<unsigned __int128>(squares_high) << 64) | squares_low) +
                                      static_cast<unsigned __int128>(packets) * packets;
    squares_low = static_cast<std::uint64_t>(squares);
    squares_high = static_cast<std::uint64_t>(squares >> 64);
    sum += packets;
    min = count == 0 ? packets : std::min<std::uint64_t>(min, packets);
    max = std::max<std::uint64_t>(max, packets);
    ++count;
  }
  [[nodiscard]] fg_series cell() const {
    return {.count = count,
            .sum = static_cast<std::int64_t>(sum),
            .sum_squares_low = squares_low,
            .sum_squares_high = squares_high,
            .min = static_cast<std::int64_t>(min),
            .max = static_cast<std::int64_t>(max)};
  }
};
static_assert(sizeof(PacketSeries) == 32);

struct Bulks {  // of one direction
  PacketSeries packets;
  fg::Series64 bytes;
  fg::Series64 durations;

  // Beyond 4 * 10^12 packets no bulk is counted, so that nothing ever wraps.
  void add(const OpenBulk& bulk) {
    if (!packets.has_room_for(bulk.packets)) return;
    packets.add(bulk.packets);
    bytes.add(bulk.bytes);
    durations.add(static_cast<std::uint64_t>(bulk.last_ns - bulk.first_ns));
  }
  [[nodiscard]] double bytes_per_s() const {
    constexpr double kNsPerS = 1e9;
    return durations.sum > 0 ? static_cast<double>(bytes.sum) * kNsPerS / static_cast<double>(durations.sum) : 0;
  }
};

struct Bulk {
  static constexpr fg::About kAbout{.name = "bulk",
                                    .version = "1.0",
                                    .doc =
                                        "Runs of at least 4 payload packets in one direction without a pause. Keeps "
                                        "224 bytes more for a flow in which one ended.",
                                    .source = "semantics 4, 5"};
  static constexpr fg::Column kColumns[] = {
      {"fwd_count", "Bulks of the source side", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING},
      {"fwd_rate", "Bytes in bulks of the source side per second in bulks", FG_F64, FG_UNIT_BYTES_PER_S,
       FG_REVEALS_NOTHING},
      {"fwd_packets", "Packets of a bulk of the source side", FG_SERIES, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_bytes", "Payload of a bulk of the source side", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"fwd_duration", "From a bulk's first packet to its last, of the source side", FG_SERIES, FG_UNIT_NS,
       FG_REVEALS_NOTHING},
      {"bwd_count", "Bulks of the other side", FG_U64, FG_UNIT_COUNT, FG_REVEALS_NOTHING},
      {"bwd_rate", "Bytes in bulks of the other side per second in bulks", FG_F64, FG_UNIT_BYTES_PER_S,
       FG_REVEALS_NOTHING},
      {"bwd_packets", "Packets of a bulk of the other side", FG_SERIES, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_bytes", "Payload of a bulk of the other side", FG_SERIES, FG_UNIT_BYTES, FG_REVEALS_NOTHING},
      {"bwd_duration", "From a bulk's first packet to its last, of the other side", FG_SERIES, FG_UNIT_NS,
       FG_REVEALS_NOTHING},
  };

  OpenBulk open;
  fg::Owned<std::array<Bulks, 2>> ended;  // by direction, 224 bytes; most flows have none

  void update(const fg::Packet& packet, fg::Direction direction) {
    // Without branches but for what is rare: neither the payload nor the direction of a packet can be foreseen.
    const bool begins = (packet.payload_length_bytes > 0) & !open.takes(packet, direction);
    if (begins & (open.packets >= kFewestPackets)) [[unlikely]]
      ended.get_or_create()[open.direction].add(open);
    open.add(packet, direction, begins);
  }

  void emit(fg::Row<Bulk>& row, const fg::Flow&) const {
    auto [fwd, bwd] = ended ? *ended.get() : std::array<Bulks, 2>{};
    if (open.packets >= kFewestPackets) (open.direction == fg::kForward ? fwd : bwd).add(open);
    set<"fwd_count", "fwd_rate", "fwd_packets", "fwd_bytes", "fwd_duration">(row, fwd);
    set<"bwd_count", "bwd_rate", "bwd_packets", "bwd_bytes", "bwd_duration">(row, bwd);
  }

  void release() { ended.free(); }

 private:
  template <fg::Name Count, fg::Name Rate, fg::Name Packets, fg::Name Bytes, fg::Name Duration>
  static void set(fg::Row<Bulk>& row, const Bulks& of) {
    const std::uint64_t count = of.packets.count;
    row.set<Count>(count);
    row.set<Rate>(of.bytes_per_s());
    row.set<Packets>(of.packets.cell());
    row.set<Bytes>(of.bytes.cell(count));
    row.set<Duration>(of.durations.cell(count));
  }
};
static_assert(sizeof(Bulk) == 40 && sizeof(std::array<Bulks, 2>) == 224);

}  // namespace

FG_MODULE("bulk", "1.0", "Apache-2.0", fg::Features<Bulk>, fg::Schemas<>);
