#include "core/flow/tcp_state.h"

#include <bit>

namespace flowgauge {

bool TcpState::add(const TcpSegment& segment, unsigned side) {
  const std::uint8_t bit = static_cast<std::uint8_t>(1U << side);
  if ((segment.flags & kTcpSyn) != 0 && (has_initial_seq & bit) == 0) {
    has_initial_seq |= bit;
    initial_seq[side] = segment.seq;
  }
  if (closed) return false;

  if (!handshake_completed) observe_handshake(segment, side);
  // The ACK counts before the FIN of the same packet: a FIN that acknowledges the other side's is not simultaneous.
  const unsigned other = 1 - side;
  if ((segment.flags & kTcpAck) != 0 && (fin_seen >> other & 1U) != 0 && segment.ack == fin_end[other])
    fin_acknowledged |= static_cast<std::uint8_t>(1U << other);
  if ((segment.flags & kTcpFin) != 0) observe_fin(segment, side);
  // A packet that completes the FIN exchange and carries RST ends the flow as FIN.
  if ((segment.flags & kTcpRst) != 0 && !finished()) {
    reset = true;
    (handshake_completed ? reset_after_handshake : reset_before_handshake) = true;
  }
  closed = finished() || reset;
  return closed;
}

void TcpState::observe_handshake(const TcpSegment& segment, unsigned side) {
  const bool syn = (segment.flags & kTcpSyn) != 0;
  const bool ack = (segment.flags & kTcpAck) != 0;
  if (side == 0 && syn && !ack) {  // a repeated SYN starts the observation again
    syn_seen = true;
    syn_ack_seen = false;
  } else if (side == 1 && syn && ack && syn_seen) {
    syn_ack_seen = true;
    handshake_ack = segment.seq + 1;  // a SYN occupies one sequence number (RFC 9293 3.4), modulo 2^32
  } else if (side == 0 && ack && !syn && syn_ack_seen && segment.ack == handshake_ack) {
    handshake_completed = true;
  }
}

void TcpState::observe_fin(const TcpSegment& segment, unsigned side) {
  const unsigned other = 1 - side;
  if ((fin_seen >> other & 1U) != 0 && (fin_acknowledged >> other & 1U) == 0) simultaneous = true;
  const auto bit = static_cast<std::uint8_t>(1U << side);
  if ((fin_acknowledged & bit) != 0) return;  // repeated after its acknowledgement: changes nothing
  fin_seen |= bit;
  // RFC 9293 3.6: a FIN occupies one sequence number, so its ACK is seq + payload + 1.
  fin_end[side] = segment.seq + segment.payload_bytes + 1;
}

bool TcpState::is_new_connection(const TcpSegment& segment, unsigned side) const {
  if ((segment.flags & (kTcpSyn | kTcpAck)) != kTcpSyn) return false;
  return (has_initial_seq >> side & 1U) == 0 || initial_seq[side] != segment.seq;
}

TcpCloseStyle TcpState::close_style() const {
  if (reset) return TcpCloseStyle::kReset;
  switch (std::popcount(fin_seen)) {
    case 0:
      return TcpCloseStyle::kNone;
    case 1:
      return TcpCloseStyle::kHalfClose;
    default:
      break;
  }
  if (!finished()) return TcpCloseStyle::kBidirectionalFin;
  return simultaneous ? TcpCloseStyle::kSimultaneousFin : TcpCloseStyle::kFourWayFin;
}

}  // namespace flowgauge
