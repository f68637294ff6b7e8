// What a run may choose of the parser (docs/semantics.md, section 1). A profile sets it.
#pragma once

#include <cstdint>
#include <vector>

#include "core/packet/parse/parse.h"

namespace flowgauge {

enum class Decapsulate { kInner, kOuter };
enum class FragmentRule { kJoin, kDrop };
enum class UdpPayload { kDatagram, kPacket };

struct ParseChoices {
  Decapsulate decapsulate = Decapsulate::kInner;
  FragmentRule fragments = FragmentRule::kJoin;
  UdpPayload udp_payload = UdpPayload::kDatagram;
  std::vector<std::uint8_t> protocols;  // IANA numbers, ascending, each once; empty: all
  // UDP ports of tunnels, ascending, each once, at most PACKET_MAX_TUNNEL_PORTS; empty: none.
  std::vector<std::uint16_t> vxlan_ports{PACKET_PORT_VXLAN, PACKET_PORT_VXLAN_LINUX};
  std::vector<std::uint16_t> geneve_ports{PACKET_PORT_GENEVE};
  std::vector<std::uint16_t> gtpu_ports{PACKET_PORT_GTPU};
  std::uint8_t l2tpv3_cookie_bytes = 0;  // 0, 4 or 8
};

// As the parser takes it, here and in the kernel.
[[nodiscard]] packet_parse_config parse_config_of(const ParseChoices& choices, packet_fragment_scope scope);

}  // namespace flowgauge
