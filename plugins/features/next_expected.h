// The next sequence number expected of each direction, and what it tells of a segment: a keep-alive (RFC 9293 3.8.4)
// carries the number before it, and at most the one byte that the other side has already (docs/semantics.md, section 5).
// Part of a feature's state: zero bytes are nothing seen.
#pragma once

#include <cstdint>
#include <flowgauge/sdk.hpp>

struct NextExpected {
  std::uint32_t number[2];  // by direction, valid with seen: behind the highest segment so far, modulo 2^32
  std::uint8_t seen;        // directions, a bit each

  // Takes in a TCP segment; true if it is a keep-alive.
  bool add(const fg::Packet& packet, fg::Direction direction) {
    constexpr unsigned kFin = 0x01;
    constexpr unsigned kSyn = 0x02;
    constexpr unsigned kRst = 0x04;
    const unsigned flags = packet.tcp_flags;
    if ((flags & kRst) != 0) return false;  // its number may be anything
    const bool known = (seen >> direction & 1U) != 0;
    const std::uint32_t size = packet.payload_length_bytes + (flags & kFin) + (flags & kSyn) / kSyn;
    const std::uint32_t end = packet.tcp_seq + size;
    if (!known || static_cast<std::int32_t>(end - number[direction]) > 0) {
      number[direction] = end;
      seen = static_cast<std::uint8_t>(seen | 1U << direction);
      return false;
    }
    return packet.tcp_seq + 1 == number[direction] && packet.payload_length_bytes <= 1 && (flags & (kFin | kSyn)) == 0;
  }
};
