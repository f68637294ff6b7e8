// Beginning and end of one SCTP association (RFC 9260; docs/semantics.md, section 3).
#pragma once

#include <array>
#include <cstdint>

#include "core/flow/connection_end.h"
#include "core/packet/event.h"

namespace flowgauge {

inline constexpr std::uint8_t kIpProtocolSctp = 132;

// Plain data: all-zero is a flow that has seen nothing. `side` is 0 for the source, 1 for the other.
struct SctpState {
  std::array<std::uint32_t, 2> tag;  // initiate tag of each side, valid with its bit in tags_known
  std::uint8_t tags_known;           // sides
  std::uint8_t beyond_init;          // sides that sent anything but INITs

  static bool is_init(const packet_event& event) { return (event.marks & PACKET_SCTP) == PACKET_SCTP_INIT; }

  // What the packet says of the end; it is asked of open and of lingering flows.
  ConnectionEnd add(const packet_event& event, unsigned side) {
    const unsigned other = 1 - side;
    const unsigned mark = event.marks & PACKET_SCTP;
    if (mark == PACKET_SCTP_INIT) {
      learn(event.sctp_tag, side);
      return ConnectionEnd::kNone;
    }
    beyond_init |= static_cast<std::uint8_t>(1U << side);
    if (mark != 0) return mark == PACKET_SCTP_ABORT ? ConnectionEnd::kReset : ConnectionEnd::kFinished;
    // A packet carries its receiver's tag (8.5); 0 is an INIT's that could not be read.
    if ((event.marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) == 0 && event.sctp_tag != 0)
      learn(event.sctp_tag, other);
    return ConnectionEnd::kNone;
  }

  // Does an INIT from `side` open another association than this flow's? `closed`: the flow lingers.
  [[nodiscard]] bool is_another(std::uint32_t initiate_tag, unsigned side, bool closed) const {
    if ((tags_known >> side & 1U) != 0) return tag[side] != initiate_tag;
    return closed || (beyond_init >> side & 1U) != 0;
  }

 private:
  void learn(std::uint32_t number, unsigned side) {
    if ((tags_known >> side & 1U) != 0) return;
    tags_known |= static_cast<std::uint8_t>(1U << side);
    tag[side] = number;
  }
};

}  // namespace flowgauge
