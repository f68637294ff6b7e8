// The host's part of a flow record: BasicFlow and, where a column wants them, OuterAddresses. The features' states
// follow in the same block.
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/flow/flow_key.h"
#include "core/flow/sctp_state.h"
#include "core/flow/tcp_state.h"

namespace flowgauge {

// IPFIX flowEndReason (RFC 5102 5.11.3), with the four ways of end_of_flow apart. kFeature: a feature asked for it.
enum class EndReason : std::uint8_t {
  kIdleTimeout,
  kActiveTimeout,
  kFin,
  kRst,
  kReuse,
  kForcedEnd,
  kLackOfResources,
  kFeature
};
inline constexpr std::size_t kEndReasons = 8;
inline constexpr std::array<std::string_view, kEndReasons> kEndReasonNames = {
    "idle_timeout", "active_timeout", "fin", "rst", "reuse", "forced_end", "lack_of_resources", "feature"};
inline constexpr std::array<std::uint8_t, kEndReasons> kEndReasonNumbers = {1, 2, 3, 3, 3, 4, 5, 3};

enum class DirectionBasis : std::uint8_t { kSyn, kSynAck, kFirstPacket, kInherited };

// Times named *_ns are timestamps of packets; those named arrived_* are readings of the run's clock.
struct BasicFlow {
  struct WhileOpen {
    std::int64_t arrived_first_ns;
    std::uint64_t snapshots;  // multiples of the early export's age passed so far
  };
  struct Close {  // of the closing packet
    std::int64_t timestamp_ns;
    std::int64_t arrived_ns;
  };

  // ---- identity
  FlowKey key;
  std::uint64_t creation;  // index of the frame that created it
  union {
    std::uint32_t slot_hash;    // where its table slot is looked for
    std::uint32_t feature_end;  // of an ended flow with EndReason::kFeature: which end of which feature, from 0
  };
  std::uint32_t index;  // in the record pool
  // ---- what every packet touches
  std::int64_t arrived_last_ns;
  std::array<std::int64_t, 2> direction_last_ns;  // greatest so far; of a direction without packets the flow's first
  std::array<std::uint64_t, 2> packets;
  std::array<std::uint64_t, 2> bytes;  // IP length
  // ---- what most packets only read
  std::array<std::int64_t, 2> direction_first_ns;  // smallest; of a direction without packets the flow's first
  std::array<std::int64_t, 2> direction_start_ns;  // of each direction's packet that arrived first, valid with packets
  union {
    WhileOpen open;
    Close close;  // valid with is_closed()
  };
  union {  // by the key's protocol
    TcpState tcp;
    SctpState sctp;
  };
  Endpoint source;          // which endpoint of the key
  std::uint8_t first_side;  // that sent the packet that arrived first: 0 the source, 1 the other
  ConnectionEnd connection_end;
  EndReason end_reason;
  DirectionBasis direction_basis;
  bool is_snapshot;  // while a snapshot of it is being written
  bool live;         // in the table; false once its release is due
  std::uint8_t partition;
  // ---- cold
  std::uint64_t out_of_order_packets;
  std::uint64_t fragment_packets;
  std::uint32_t segment;
  std::uint32_t tunnel_id;  // of the first packet, valid with has_tunnel_id
  std::uint16_t outer_vlan_id;
  std::uint16_t inner_vlan_id;
  std::uint16_t interface;  // of the packet that arrived first, as events have it
  std::uint8_t vlan_count;
  std::uint8_t tunnel_type;
  std::uint8_t has_tunnel_id : 1;
  std::uint8_t has_mac : 1;
  std::uint8_t has_icmp : 1;
  std::uint8_t icmp_from_source : 1;
  std::uint8_t
      crosses_interfaces : 1;  // a packet was seen on another interface than the first; of LaterInterfaces::kCompared
  std::array<std::uint8_t, 6> source_mac;
  std::array<std::uint8_t, 6> destination_mac;
  std::uint8_t icmp_type;  // of the first packet, valid with has_icmp
  std::uint8_t icmp_code;

  // Smallest and greatest of all packets so far.
  [[nodiscard]] std::int64_t first_ns() const { return std::min(direction_first_ns[0], direction_first_ns[1]); }
  [[nodiscard]] std::int64_t last_ns() const { return std::max(direction_last_ns[0], direction_last_ns[1]); }
  // Of the packet that arrived first: what relative times count from.
  [[nodiscard]] std::int64_t start_ns() const { return direction_start_ns[first_side]; }

  [[nodiscard]] bool is_tcp() const { return key.protocol == kIpProtocolTcp; }
  [[nodiscard]] bool is_closed() const { return connection_end != ConnectionEnd::kNone; }
  [[nodiscard]] EndReason close_reason() const {
    return connection_end == ConnectionEnd::kFinished ? EndReason::kFin : EndReason::kRst;
  }

  // A snapshot is an export "for reporting purposes while the flow was still active": 2.
  [[nodiscard]] EndReason row_end_reason() const { return is_snapshot ? EndReason::kActiveTimeout : end_reason; }

  // All times later by so much.
  void shift(std::int64_t step_ns) {
    for (unsigned side = 0; side < 2; ++side)
      for (auto* times : {&direction_last_ns, &direction_first_ns, &direction_start_ns}) (*times)[side] += step_ns;
    arrived_last_ns += step_ns;
    if (is_closed())
      close = {close.timestamp_ns + step_ns, close.arrived_ns + step_ns};
    else
      open.arrived_first_ns += step_ns;
  }
  [[nodiscard]] unsigned char* bytes_begin() { return reinterpret_cast<unsigned char*>(this); }
};
static_assert(sizeof(BasicFlow) == 264, "what most packets touch is in four cache lines");
static_assert(offsetof(BasicFlow, interface) + sizeof(BasicFlow::interface) <= 256, "every packet looks at it");

// Of the first packet's tunnel, by the flow's sides. Behind BasicFlow, in records that have HostRecord::kWithOuter.
struct OuterAddresses {
  std::array<std::uint8_t, 16> source;
  std::array<std::uint8_t, 16> destination;
  std::uint8_t ip_version;  // 0: no tunnel
  std::array<std::uint8_t, 7> reserved;
};
static_assert(sizeof(BasicFlow) % alignof(OuterAddresses) == 0 && sizeof(OuterAddresses) % 8 == 0);

enum class HostRecord : std::uint8_t { kBasic, kWithOuter };

constexpr std::uint32_t bytes_of(HostRecord host) {
  return sizeof(BasicFlow) + (host == HostRecord::kWithOuter ? sizeof(OuterAddresses) : 0);
}

inline const BasicFlow& basic_flow(const unsigned char* record) { return *reinterpret_cast<const BasicFlow*>(record); }
inline BasicFlow& basic_flow(unsigned char* record) { return *reinterpret_cast<BasicFlow*>(record); }

// What the table needs of a record comes nearer.
inline void prefetch_flow(const unsigned char* record) {
  for (std::uint32_t line = 0; line < sizeof(BasicFlow); line += 64) __builtin_prefetch(record + line, 1);
}

inline const OuterAddresses& outer_addresses(const BasicFlow& flow) {
  return *reinterpret_cast<const OuterAddresses*>(&flow + 1);
}
inline OuterAddresses& outer_addresses(BasicFlow& flow) { return *reinterpret_cast<OuterAddresses*>(&flow + 1); }

}  // namespace flowgauge
