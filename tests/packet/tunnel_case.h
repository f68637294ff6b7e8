// What the tunnels of the tests carry, and the events of packets inside and outside.
#pragma once

#include "tests/packet/parse_case.h"

namespace flowgauge::test {

inline constexpr const char* kC = "192.168.1.1";  // inner
inline constexpr const char* kD = "192.168.1.2";
inline constexpr const char* kC6 = "fd00::1";
inline constexpr const char* kD6 = "fd00::2";

// What the tunnels carry: 20 + 20 + 10 bytes, or 40 + 8 + 10.
inline FrameBuilder carrying4(FrameBuilder outer) {
  return outer.ipv4(kC, kD).ttl(9).tcp(5000, 80).flags("PA").seq(7).payload(10);
}
inline FrameBuilder carrying6(FrameBuilder outer) { return outer.ipv6(kC6, kD6).ttl(9).udp(5000, 53).payload(10); }

inline EventBuilder inner4(std::uint16_t ip_offset) {
  return event()
      .tcp(kC, 5000, kD, 80)
      .flags("PA")
      .seq(7)
      .ttl(9)
      .payload(10)
      .payload_at(static_cast<std::uint16_t>(ip_offset + 40), 10)
      .mac(1, 2)
      .outer(kA, kB);
}
inline EventBuilder inner6(std::uint16_t ip_offset) {
  return event()
      .udp(kC6, 5000, kD6, 53)
      .ttl(9)
      .payload(10)
      .payload_at(static_cast<std::uint16_t>(ip_offset + 48), 10)
      .mac(1, 2)
      .outer(kA, kB);
}
// The outer packet where the tunnel stays closed: UDP over IPv4 in Ethernet.
inline EventBuilder outer_udp(std::uint16_t src_port, std::uint16_t dst_port, std::uint16_t payload_bytes) {
  return event().udp(kA, src_port, kB, dst_port).payload(payload_bytes).payload_at(42, payload_bytes).mac(1, 2);
}
// The same for a packet of another protocol; `bytes` behind the IPv4 header.
inline EventBuilder outer_ip(std::uint8_t protocol, std::uint16_t bytes) {
  return event().ip(kA, kB, protocol).payload(bytes).payload_at(34, bytes).mac(1, 2);
}

}  // namespace flowgauge::test
