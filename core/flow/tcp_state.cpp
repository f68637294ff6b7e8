#include "core/flow/tcp_state.h"

#include <bit>

namespace flowgauge {
namespace {

// From kFirstAck on, only a SYN of the side itself can tell more.
constexpr unsigned kBothAcknowledged = 0b1010;

// Modulo 2^32; at a distance of exactly 2^31 no.
bool is_before(std::uint32_t number, std::uint32_t other) { return static_cast<std::int32_t>(other - number) > 0; }

}  // namespace

ConnectionEnd TcpState::add(const TcpSegment& segment, unsigned side) {
  if ((segment.flags & kTcpSyn) != 0 || (isn_bases & kBothAcknowledged) != kBothAcknowledged)
    observe_numbers(segment, side);
  if (closed) return ConnectionEnd::kNone;

  if (!handshake_completed) observe_handshake(segment, side);
  if ((segment.flags & kTcpAck) != 0) {
    // Without a branch: which packets acknowledge anything new cannot be foreseen.
    const bool is_new = ((acks >> side & 1U) == 0) | is_before(highest_ack[side], segment.ack);
    highest_ack[side] = is_new ? segment.ack : highest_ack[side];
    acks |= 1U << side;
  }
  if ((segment.flags & (kTcpFin | kTcpRst)) == 0 && fin_waits == 0) return ConnectionEnd::kNone;  // most packets

  // The ACK counts before the FIN of the same packet: a FIN that acknowledges the other side's is not simultaneous.
  settle_fin(1 - side);
  if ((segment.flags & kTcpFin) != 0) observe_fin(segment, side);
  // A packet that completes the FIN exchange and carries RST ends the flow as FIN.
  if ((segment.flags & kTcpRst) != 0 && !finished()) {
    reset = true;
    if (handshake_completed)
      reset_after_handshake = true;
    else
      reset_before_handshake = true;
  }
  closed = finished() || reset;
  if (!closed) return ConnectionEnd::kNone;
  return finished() ? ConnectionEnd::kFinished : ConnectionEnd::kReset;
}

void TcpState::note_initial_seq(std::uint32_t seq, unsigned side, IsnBasis basis) {
  initial_seq[side] = seq;
  isn_bases = (isn_bases & ~(3U << 2 * side)) | static_cast<unsigned>(basis) << 2 * side;
}

// A SYN that comes late has the number before the first that the other side acknowledged, or before the lowest that its
// own side sent (RFC 9293 3.4: the SYN occupies the number before the data).
void TcpState::observe_numbers(const TcpSegment& segment, unsigned side) {
  const unsigned other = 1 - side;
  const bool syn = (segment.flags & kTcpSyn) != 0;
  const bool ack = (segment.flags & kTcpAck) != 0;
  const std::uint32_t before = segment.seq - 1;
  if (syn && isn_basis(side) != IsnBasis::kNothing && initial_seq[side] != segment.seq) begin_numbers_again(side);
  if (syn && isn_basis(side) != IsnBasis::kSyn)
    note_initial_seq(segment.seq, side, IsnBasis::kSyn);
  else if (isn_basis(side) == IsnBasis::kNothing ||
           (isn_basis(side) == IsnBasis::kLowestSeq && is_before(before, initial_seq[side])))
    note_initial_seq(before, side, IsnBasis::kLowestSeq);
  if (ack && isn_basis(other) < IsnBasis::kFirstAck) note_initial_seq(segment.ack - 1, other, IsnBasis::kFirstAck);
  if (syn && ack && (syn_acks >> side & 1U) == 0) {
    syn_acks |= 1U << side;
    syn_ack_ack[side] = segment.ack;
  }
  if (!syn || ack) beyond_syn |= 1U << side;
}

// Another connection that stays in this flow, or a SYN-ACK that its sender changed: numbers of before mean nothing now.
void TcpState::begin_numbers_again(unsigned side) {
  if (closed) return;
  acks &= ~(1U << (1 - side));
  fin_waits &= ~(1U << side);
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

// Acknowledges the side's FIN, if it waits for that, by what the other side has acknowledged so far. At a distance of
// exactly 2^31 it is not.
void TcpState::settle_fin(unsigned side) {
  const unsigned other = 1 - side;
  if ((fin_waits >> side & 1U) == 0 || (acks >> other & 1U) == 0) return;
  if (static_cast<std::int32_t>(highest_ack[other] - fin_end[side]) < 0) return;
  fin_acknowledged |= 1U << side;
  fin_waits &= ~(1U << side);
}

void TcpState::observe_fin(const TcpSegment& segment, unsigned side) {
  const unsigned other = 1 - side;
  if ((fin_seen >> other & 1U) != 0 && (fin_acknowledged >> other & 1U) == 0) simultaneous = true;
  const unsigned bit = 1U << side;
  if ((fin_acknowledged & bit) != 0) return;  // repeated after its acknowledgement: changes nothing
  fin_seen |= bit;
  fin_waits |= bit;
  // RFC 9293 3.6: a FIN occupies one sequence number, so its ACK is seq + payload + 1.
  fin_end[side] = segment.seq + segment.payload_bytes + 1;
  settle_fin(side);  // the acknowledgement may have come before
}

bool TcpState::is_another_connection(const TcpSegment& segment, unsigned side) const {
  const unsigned other = 1 - side;
  if ((segment.flags & kTcpAck) == 0) {
    if (isn_basis(side) != IsnBasis::kNothing) return initial_seq[side] != segment.seq;
    return (beyond_syn >> other & 1U) != 0;  // no: a simultaneous open (RFC 9293 3.5)
  }
  if (isn_basis(side) != IsnBasis::kSyn || initial_seq[side] == segment.seq) return false;
  const bool repeats_its_ack = (syn_acks >> side & 1U) != 0 && syn_ack_ack[side] == segment.ack;
  const bool answers_the_syn = isn_basis(other) == IsnBasis::kSyn && segment.ack == initial_seq[other] + 1;
  return !repeats_its_ack && !answers_the_syn;
}

bool TcpState::is_another_after_close(const TcpSegment& segment, unsigned side) const {
  if ((segment.flags & kTcpAck) != 0) return false;
  return isn_basis(side) != IsnBasis::kSyn || initial_seq[side] != segment.seq;
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
