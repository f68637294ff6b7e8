// What tells a keep-alive (RFC 9293 3.8.4): it carries the number before the next one expected of its direction, and at
// most the one byte that the other side has already (docs/semantics.md, section 5).
#pragma once

#include <cstdint>
#include <flowgauge/sdk.hpp>

// Takes in a TCP segment; true if it is a keep-alive. `next` is the direction's, valid with `is_known`: what stands
// behind its highest segment so far, modulo 2^32. Without branches: which segments carry data cannot be foreseen.
inline bool is_keep_alive(const fg::Packet& packet, std::uint32_t& next, bool& is_known) {
  constexpr unsigned kFin = 0x01;
  constexpr unsigned kSyn = 0x02;
  constexpr unsigned kRst = 0x04;
  const unsigned flags = packet.tcp_flags;
  const bool counts = (flags & kRst) == 0;  // the number of a reset may be anything
  const std::uint32_t size = packet.payload_length_bytes + (flags & kFin) + (flags & kSyn) / kSyn;
  const std::uint32_t end = packet.tcp_seq + size;
  const bool is_new = (static_cast<std::int32_t>(end - next) > 0) | !is_known;
  const bool is_before = packet.tcp_seq + 1 == next;
  const bool is_short = (packet.payload_length_bytes <= 1) & ((flags & (kFin | kSyn)) == 0);
  next = (counts & is_new) ? end : next;
  is_known |= counts;
  return counts & !is_new & is_before & is_short;
}
