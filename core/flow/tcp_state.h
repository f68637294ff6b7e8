// Handshake, FIN and RST of one TCP flow (RFC 9293; docs/semantics.md, section 3).
#pragma once

#include <array>
#include <cstdint>

#include "core/flow/connection_end.h"

namespace flowgauge {

inline constexpr std::uint8_t kTcpFin = 1;
inline constexpr std::uint8_t kTcpSyn = 2;
inline constexpr std::uint8_t kTcpRst = 4;
inline constexpr std::uint8_t kTcpAck = 16;

inline constexpr std::uint8_t kIpProtocolTcp = 6;

enum class TcpCloseStyle : std::uint8_t {
  kNotApplicable,
  kNone,
  kHalfClose,
  kBidirectionalFin,
  kFourWayFin,
  kSimultaneousFin,
  kReset
};

struct TcpSegment {
  std::uint32_t seq;
  std::uint32_t ack;
  std::uint32_t payload_bytes;
  std::uint8_t flags;
};

// What a side's initial sequence number is known from; the later ones tell more.
enum class IsnBasis : std::uint8_t { kNothing, kLowestSeq, kFirstAck, kSyn };

// Plain data: all-zero is a flow that has seen nothing. `side` is 0 for the source, 1 for the other. Sets of sides have
// a bit for each.
struct TcpState {
  std::array<std::uint32_t, 2> initial_seq;  // of each side's first SYN; until it comes, the one that it must have
  std::array<std::uint32_t, 2> syn_ack_ack;  // what each side's first SYN-ACK acknowledged, valid with syn_acks
  std::array<std::uint32_t, 2> fin_end;      // the lowest ack number that acknowledges each side's FIN
  std::array<std::uint32_t, 2> highest_ack;  // of each side, valid with acks
  std::uint32_t handshake_ack;               // what the source's ACK must carry
  bool syn_seen : 1;
  bool syn_ack_seen : 1;
  bool handshake_completed : 1;
  bool reset : 1;
  bool reset_before_handshake : 1;
  bool reset_after_handshake : 1;
  bool simultaneous : 1;
  bool closed : 1;              // from the closing packet on: later ones change none of these marks
  std::uint8_t isn_bases : 4;   // IsnBasis of each side, 2 bits each
  std::uint8_t syn_acks : 2;    // sides that sent a SYN-ACK
  std::uint8_t beyond_syn : 2;  // sides that sent anything but SYNs without ACK
  std::uint8_t acks : 2;        // sides that acknowledged anything
  std::uint8_t fin_seen : 2;
  std::uint8_t fin_waits : 2;  // sides whose last FIN can still be acknowledged
  std::uint8_t fin_acknowledged : 2;

  // What this packet closes the flow with; kNone from then on.
  ConnectionEnd add(const TcpSegment& segment, unsigned side);

  // Does this segment with SYN belong to another connection than this flow, by the rules of each TcpReuse? With kMerge
  // it is asked of closed flows alone.
  [[nodiscard]] bool is_another_connection(const TcpSegment& segment, unsigned side) const;
  [[nodiscard]] bool is_another_after_close(const TcpSegment& segment, unsigned side) const;
  [[nodiscard]] TcpCloseStyle close_style() const;

 private:
  [[nodiscard]] bool finished() const { return fin_acknowledged == 3; }
  [[nodiscard]] IsnBasis isn_basis(unsigned side) const { return static_cast<IsnBasis>(isn_bases >> 2 * side & 3U); }
  void note_initial_seq(std::uint32_t seq, unsigned side, IsnBasis basis);
  void observe_numbers(const TcpSegment& segment, unsigned side);
  void begin_numbers_again(unsigned side);
  void observe_handshake(const TcpSegment& segment, unsigned side);
  void settle_fin(unsigned side);
  void observe_fin(const TcpSegment& segment, unsigned side);
};

}  // namespace flowgauge
