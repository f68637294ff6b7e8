#include "core/flow/packet_view.h"

#include <cstring>

namespace flowgauge {

fg_key key_view(const BasicFlow& flow) {
  const Endpoint source = flow.source;
  const Endpoint destination = source ^ 1U;
  fg_key key{};
  std::memcpy(key.source_address, flow.key.address[source].data(), 16);
  std::memcpy(key.destination_address, flow.key.address[destination].data(), 16);
  key.source_port = flow.key.port[source];
  key.destination_port = flow.key.port[destination];
  key.has_mac = flow.has_mac;
  std::memcpy(key.source_mac, flow.source_mac.data(), 6);
  std::memcpy(key.destination_mac, flow.destination_mac.data(), 6);
  return key;
}

fg_tags tags_view(const packet_event& event) {
  return {.tunnel_id = event.tunnel_id,
          .outer_vlan_id = event.outer_vlan_id,
          .inner_vlan_id = event.inner_vlan_id,
          .vlan_count = event.vlan_count,
          .tunnel_type = event.tunnel_type,
          .has_tunnel_id = (event.marks & PACKET_HAS_TUNNEL_ID) != 0,
          .reserved = 0};
}

fg_tags tags_view(const BasicFlow& flow) {
  return {.tunnel_id = flow.tunnel_id,
          .outer_vlan_id = flow.outer_vlan_id,
          .inner_vlan_id = flow.inner_vlan_id,
          .vlan_count = flow.vlan_count,
          .tunnel_type = flow.tunnel_type,
          .has_tunnel_id = flow.has_tunnel_id,
          .reserved = 0};
}

void describe_first_packet(BasicFlow& flow, const packet_event& event, unsigned side) {
  flow.interface = event.interface;
  flow.tunnel_type = event.tunnel_type;
  flow.tunnel_id = event.tunnel_id;
  flow.has_tunnel_id = (event.marks & PACKET_HAS_TUNNEL_ID) != 0;
  flow.outer_vlan_id = event.outer_vlan_id;
  flow.inner_vlan_id = event.inner_vlan_id;
  flow.vlan_count = event.vlan_count;
  flow.has_mac = (event.marks & PACKET_HAS_MAC) != 0;
  std::memcpy(flow.source_mac.data(), side == 0 ? event.src_mac : event.dst_mac, 6);
  std::memcpy(flow.destination_mac.data(), side == 0 ? event.dst_mac : event.src_mac, 6);
  flow.has_icmp = (event.marks & PACKET_HAS_ICMP) != 0;
  flow.icmp_type = event.icmp_type;
  flow.icmp_code = event.icmp_code;
  flow.icmp_from_source = side == 0;
}

void describe_tunnel(OuterAddresses& outer, const packet_event& event, unsigned side) {
  outer.ip_version = event.outer_ip_version;
  std::memcpy(outer.source.data(), side == 0 ? event.outer_src_address : event.outer_dst_address, 16);
  std::memcpy(outer.destination.data(), side == 0 ? event.outer_dst_address : event.outer_src_address, 16);
}

}  // namespace flowgauge
