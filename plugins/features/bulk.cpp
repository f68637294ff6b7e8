// bulk: at least 4 packets with payload in one direction, no gap over 1 s between them, ended by a payload packet of the
// other direction, a longer gap or the flow's end. Packets without payload neither count nor end anything.
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
    return packets > 0 && direction == sent && packet.time_ns - last_ns <= kGapNs;
  }
  void add(const fg::Packet& packet) {
    last_ns = std::max(last_ns, packet.time_ns);
    bytes += packet.payload_length_bytes;
    ++packets;
  }
};

struct Bulks {  // of one direction
  std::uint64_t count;
  fg::Series64 packets;
  fg::Series64 bytes;
  fg::Series64 durations;

  void add(const OpenBulk& bulk) {
    ++count;
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
  static constexpr fg::About kAbout{
      .name = "bulk", .version = "1.0", .doc = "Runs of at least 4 payload packets in one direction without a pause."};
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
  fg::Owned<std::array<Bulks, 2>> ended;  // by direction; most flows have none

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.payload_length_bytes == 0) return;
    if (!open.takes(packet, direction)) {
      if (open.packets >= kFewestPackets) ended.get_or_create()[open.direction].add(open);
      open = {packet.time_ns, packet.time_ns, 0, 0, direction};
    }
    open.add(packet);
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
    row.set<Count>(of.count);
    row.set<Rate>(of.bytes_per_s());
    row.set<Packets>(of.packets.cell(of.count));
    row.set<Bytes>(of.bytes.cell(of.count));
    row.set<Duration>(of.durations.cell(of.count));
  }
};
static_assert(sizeof(Bulk) == 40);

}  // namespace

FG_MODULE("bulk", "1.0", "Apache-2.0", fg::Features<Bulk>, fg::Schemas<>);
