// Handshake, FIN and RST of one TCP flow (RFC 9293; docs/semantics.md, section 3).
#pragma once

#include <array>
#include <cstdint>

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

// Plain data: all-zero is a flow that has seen nothing. `side` is 0 for the source, 1 for the other.
struct TcpState {
  std::array<std::uint32_t, 2> initial_seq;  // of each side's first SYN
  std::array<std::uint32_t, 2> fin_end;      // the ack number that acknowledges each side's FIN
  std::uint32_t handshake_ack;               // what the source's ACK must carry
  bool syn_seen : 1;
  bool syn_ack_seen : 1;
  bool handshake_completed : 1;
  bool reset : 1;
  bool reset_before_handshake : 1;
  bool reset_after_handshake : 1;
  bool simultaneous : 1;
  bool closed : 1;               // from the closing packet on: what lingers changes nothing here
  std::uint8_t has_initial_seq;  // bit per side
  std::uint8_t fin_seen;
  std::uint8_t fin_acknowledged;

  // True if this packet closes the flow.
  bool add(const TcpSegment& segment, unsigned side);

  // Would a SYN without ACK from `side` open another connection than the one that closed?
  [[nodiscard]] bool is_new_connection(const TcpSegment& segment, unsigned side) const;
  [[nodiscard]] bool finished() const { return fin_acknowledged == 3; }
  [[nodiscard]] TcpCloseStyle close_style() const;

 private:
  void observe_handshake(const TcpSegment& segment, unsigned side);
  void observe_fin(const TcpSegment& segment, unsigned side);
};

}  // namespace flowgauge
