#include "core/packet/parse/choices.h"

#include <algorithm>
#include <iterator>

namespace flowgauge {
namespace {

// The choices have no more ports than fit.
void copy_ports(const std::vector<std::uint16_t>& from, std::uint16_t (&to)[PACKET_MAX_TUNNEL_PORTS]) {
  std::fill(std::begin(to), std::end(to), std::uint16_t{0});
  std::copy_n(from.begin(), std::min(from.size(), std::size(to)), std::begin(to));
}

}  // namespace

packet_parse_config parse_config_of(const ParseChoices& choices, packet_fragment_scope scope) {
  packet_parse_config config = packet_parse_defaults();
  config.fragment_scope = scope;
  config.decapsulate_inner = choices.decapsulate == Decapsulate::kInner ? 1 : 0;
  config.drop_later_fragments = choices.fragments == FragmentRule::kDrop ? 1 : 0;
  config.udp_by_packet = choices.udp_payload == UdpPayload::kPacket ? 1 : 0;
  config.l2tpv3_cookie_bytes = choices.l2tpv3_cookie_bytes;
  copy_ports(choices.vxlan_ports, config.vxlan_ports);
  copy_ports(choices.geneve_ports, config.geneve_ports);
  copy_ports(choices.gtpu_ports, config.gtpu_ports);
  packet_note_ports(&config);
  if (choices.protocols.empty()) return config;
  packet_accept_no_protocol(&config);
  for (const std::uint8_t protocol : choices.protocols) packet_accept_protocol(&config, protocol);
  return config;
}

}  // namespace flowgauge
