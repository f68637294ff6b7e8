// tcp_quality: duplicate ACKs, zero windows and keep-alives, per direction. A duplicate ACK (compare RFC 5681 2) is a
// packet whose only flag is ACK, without payload, with the ACK number and window of the packet before it in its
// direction, if that was one too. Packets without a TCP header are not looked at.
#include <flowgauge/sdk.hpp>

#include "keep_alive.h"

namespace {

constexpr std::uint8_t kTcp = 6;  // IANA protocol number
constexpr std::uint8_t kAckAlone = 0x10;

struct TcpQuality {
  static constexpr fg::About kAbout{.name = "tcp_quality",
                                    .version = "1.0",
                                    .doc = "Duplicate ACKs, zero windows and keep-alives, per direction.",
                                    .source = "semantics 5; RFC 5681 2, RFC 9293 3.8.4, 3.8.6"};
  static constexpr fg::Column kColumns[] = {
      {"fwd_duplicate_ack", "Duplicate ACKs of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_zero_window", "Packets of the source side with window 0", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_duplicate_ack", "Duplicate ACKs of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_zero_window", "Packets of the other side with window 0", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"fwd_keep_alives", "Keep-alives of the source side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
      {"bwd_keep_alives", "Keep-alives of the other side", FG_U64, FG_UNIT_PACKETS, FG_REVEALS_NOTHING},
  };

  enum Counter : std::uint8_t {
    kFwdDuplicateAck,
    kBwdDuplicateAck,
    kFwdZeroWindow,
    kBwdZeroWindow,
    kFwdKeepAlive,
    kBwdKeepAlive,
    kCounters
  };
  fg::Counters40<kCounters> counters;
  std::uint32_t next[2];  // by direction, as are
  std::uint32_t last_ack[2];
  std::uint16_t last_window[2];
  bool last_was_pure[2];  // the last packet had nothing but ACK
  bool next_is_known[2];

  void update(const fg::Packet& packet, fg::Direction direction) {
    if (packet.ip_protocol != kTcp || (packet.marks & FG_MARK_LATER_FRAGMENT) != 0) return;
    // Without branches but for what is rare: which packets are pure cannot be foreseen.
    const bool pure = (packet.tcp_flags == kAckAlone) & (packet.payload_length_bytes == 0);
    const bool same = (packet.tcp_ack == last_ack[direction]) & (packet.tcp_window == last_window[direction]);
    if (pure & same & last_was_pure[direction]) [[unlikely]]
      counters.add(kFwdDuplicateAck + int{direction}, true);
    if (packet.tcp_window == 0) [[unlikely]]
      counters.add(kFwdZeroWindow + int{direction}, true);
    if (is_keep_alive(packet, next[direction], next_is_known[direction])) [[unlikely]]
      counters.add(kFwdKeepAlive + int{direction}, true);
    last_ack[direction] = packet.tcp_ack;
    last_window[direction] = packet.tcp_window;
    last_was_pure[direction] = pure;
  }

  void emit(fg::Row<TcpQuality>& row, const fg::Flow&) const {
    row.set<"fwd_duplicate_ack">(counters.count(kFwdDuplicateAck));
    row.set<"fwd_zero_window">(counters.count(kFwdZeroWindow));
    row.set<"bwd_duplicate_ack">(counters.count(kBwdDuplicateAck));
    row.set<"bwd_zero_window">(counters.count(kBwdZeroWindow));
    row.set<"fwd_keep_alives">(counters.count(kFwdKeepAlive));
    row.set<"bwd_keep_alives">(counters.count(kBwdKeepAlive));
  }
};
static_assert(sizeof(TcpQuality) == 56);

}  // namespace

FG_MODULE("tcp_quality", "1.0", "Apache-2.0", fg::Features<TcpQuality>, fg::Schemas<>);
