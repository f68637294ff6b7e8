// tcp_quality: duplicate ACKs and zero windows, per direction. A duplicate ACK (compare RFC 5681 2) is a packet whose
// only flag is ACK, without payload, with the ACK number and window of the packet before it in its direction, if that
// was one too. Packets without a TCP header are not looked at.
#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint8_t kTcp = 6;  // IANA protocol number
constexpr std::uint8_t kAckAlone = 0x10;

struct TcpQuality {
  static constexpr fg::About kAbout{
      .name = "tcp_quality", .version = "1.0", .doc = "Duplicate ACKs and zero windows, per direction."};
  static constexpr fg::Column kColumns[] = {
      {"fwd_duplicate_ack", "Duplicate ACKs of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_zero_window", "Packets of the source side with window 0", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_duplicate_ack", "Duplicate ACKs of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_zero_window", "Packets of the other side with window 0", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  struct Side {
    fg::Counters40<2> counters;
    std::uint8_t last_was_pure;  // the last packet had nothing but ACK, and what follows is of it
    std::uint16_t last_window;
    std::uint32_t last_ack;
  };
  Side sides[2];
  enum Counter : std::uint8_t { kDuplicateAck, kZeroWindow };

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.ip_protocol != kTcp || (packet.marks & FG_MARK_LATER_FRAGMENT) != 0) return;
    Side& side = sides[direction];
    const bool pure = packet.tcp_flags == kAckAlone && packet.payload_length_bytes == 0;
    const bool same = packet.tcp_ack == side.last_ack && packet.tcp_window == side.last_window;
    side.counters.add(kDuplicateAck, pure && same && side.last_was_pure != 0);
    side.counters.add(kZeroWindow, packet.tcp_window == 0);
    side.last_was_pure = static_cast<std::uint8_t>(pure);
    side.last_ack = packet.tcp_ack;
    side.last_window = packet.tcp_window;
  }

  void emit(fg::Row<TcpQuality>& row, const fg::Flow&) const {
    const auto& [fwd, bwd] = sides;
    row.set<"fwd_duplicate_ack">(fwd.counters.count(kDuplicateAck));
    row.set<"fwd_zero_window">(fwd.counters.count(kZeroWindow));
    row.set<"bwd_duplicate_ack">(bwd.counters.count(kDuplicateAck));
    row.set<"bwd_zero_window">(bwd.counters.count(kZeroWindow));
  }
};
static_assert(sizeof(TcpQuality) == 40);

}  // namespace

FG_MODULE("tcp_quality", "1.0", "Apache-2.0", fg::Features<TcpQuality>, fg::Schemas<>);
