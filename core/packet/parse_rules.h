/* core/packet/parse_rules.h - the parser's decisions that read no byte of the frame; the same for every reader. */
#pragma once

#include "core/packet/parse_walk.h"

#define PACKET_KIND_IP4 0x0800u
#define PACKET_KIND_IP6 0x86ddu
#define PACKET_KIND_ETHERNET 0x6558u
#define PACKET_KIND_MIN 0x0600u /* below: an 802.3 length, not a kind */

#define PACKET_PROTOCOL_HOP_BY_HOP 0
#define PACKET_PROTOCOL_TCP 6
#define PACKET_PROTOCOL_UDP 17
#define PACKET_PROTOCOL_DCCP 33
#define PACKET_PROTOCOL_FRAGMENT 44
#define PACKET_PROTOCOL_GRE 47
#define PACKET_PROTOCOL_AH 51

#define PACKET_LINK_ETHERNET 1

/* ---- link layer */

/* Moves on to `at`, where an IP header of this version is said to begin. */
PACKET_INLINE enum packet_reason packet_enter(struct packet_walk* walk, uint32_t at, uint8_t ip_version) {
  const uint32_t step = at - walk->at;
  walk->wire_bytes = walk->wire_bytes > step ? walk->wire_bytes - step : 0;
  walk->at = at;
  walk->ip_version = ip_version;
  return PACKET_ACCEPTED;
}

/* IEEE 802.1Q-2022 9.6, table 9-2: id 0 says that the tag carries a priority alone, and no VLAN. */
PACKET_INLINE void packet_note_tag(struct packet_event* event, uint16_t vlan_id) {
  if (vlan_id == 0) return;
  if (event->vlan_count == 0) {
    event->outer_vlan_id = vlan_id;
  } else {
    event->inner_vlan_id = vlan_id;
  }
  event->vlan_count += 1;
}

/* ---- network layer */

/* Where an IP packet of this length ends in the captured bytes; Ethernet padding lies beyond. limit >= at. */
PACKET_INLINE uint32_t packet_stop(uint32_t limit, uint32_t at, uint32_t length_bytes) {
  return length_bytes < limit - at ? at + length_bytes : limit;
}

PACKET_INLINE void packet_note_fragment(struct packet_event* event, uint32_t is_later, uint32_t more, uint32_t id,
                                        uint8_t protocol) {
  event->marks &= (uint8_t) ~(PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT);
  event->fragment_id = 0;
  event->fragment_protocol = 0;
  if (!is_later && !more) return; /* an atomic fragment is a whole packet */
  event->marks |= is_later ? PACKET_LATER_FRAGMENT : PACKET_FIRST_FRAGMENT;
  event->fragment_id = id;
  event->fragment_protocol = protocol;
}

/* What the IP header leaves to a UDP datagram of which the header at hand says that it has `told` bytes (RFC 768, the
 * header included). 0 is a jumbogram's (RFC 2675 4), 1 to 7 no length; more than there is, a fragment's or a lie. */
PACKET_INLINE uint32_t packet_udp_bytes(uint32_t told, uint32_t after_l3) {
  return told >= 8 && told < after_l3 ? told : after_l3;
}

/* The header's part of a packet's length; a data offset below the shortest header is not believed. */
PACKET_INLINE uint32_t packet_transport_bytes(const struct packet_event* event, uint32_t l4_header_bytes) {
  if (event->marks & PACKET_LATER_FRAGMENT) return 0;
  if (event->ip_protocol == PACKET_PROTOCOL_TCP && l4_header_bytes < 20) return 20;
  if (event->ip_protocol == PACKET_PROTOCOL_DCCP && l4_header_bytes < 12) return 12;
  return l4_header_bytes;
}

/* Hop-by-hop, routing, fragment, AH, destination options, mobility, HIP, shim6. ESP is a protocol of its own. */
PACKET_INLINE uint32_t packet_is_extension(uint32_t protocol) {
  return protocol == 0 || protocol == 43 || protocol == 44 || protocol == 51 || protocol == 60 || protocol == 135 ||
         protocol == 139 || protocol == 140;
}

/* ---- tunnels */

enum packet_inside { PACKET_INSIDE_NOTHING, PACKET_INSIDE_IP, PACKET_INSIDE_ETHERNET };

/* Spares most packets the tunnel stage. */
PACKET_INLINE uint32_t packet_may_be_tunnel(const struct packet_event* event) {
  if (event->ip_protocol == PACKET_PROTOCOL_TCP) return 0;
  if (event->ip_protocol == PACKET_PROTOCOL_UDP) {
    return event->dst_port == 4789 || event->dst_port == 8472 || event->dst_port == 6081 || event->dst_port == 2152 ||
           event->src_port == 2152 || event->dst_port == 3544 || event->src_port == 3544;
  }
  return event->ip_protocol == 4 || event->ip_protocol == 41 || event->ip_protocol == PACKET_PROTOCOL_GRE;
}

PACKET_INLINE uint32_t packet_inside_of_kind(uint32_t kind) {
  if (kind == PACKET_KIND_IP4 || kind == PACKET_KIND_IP6) return PACKET_INSIDE_IP;
  return kind == PACKET_KIND_ETHERNET ? PACKET_INSIDE_ETHERNET : PACKET_INSIDE_NOTHING;
}

PACKET_INLINE void packet_note_tunnel(struct packet_walk* walk, uint8_t type, uint32_t id) {
  walk->tunnel_type = type;
  walk->has_tunnel_id = 1;
  walk->tunnel_id = id;
}

/* ---- the frame */

/* Zeroes what the link layer and tunnels may leave untouched; the network stage sets all the rest but the caller's. */
PACKET_INLINE void packet_clear(struct packet_event* event) {
  event->marks = 0;
  event->outer_vlan_id = 0;
  event->inner_vlan_id = 0;
  event->vlan_count = 0;
  event->tunnel_type = 0;
  event->tunnel_id = 0;
  packet_zero16(event->outer_src_address);
  packet_zero16(event->outer_dst_address);
  packet_zero6(event->src_mac);
  packet_zero6(event->dst_mac);
}

PACKET_INLINE void packet_begin(struct packet_walk* walk, uint32_t captured_bytes, uint32_t wire_bytes,
                                uint32_t link_type) {
  walk->limit = captured_bytes;
  walk->wire_bytes = wire_bytes;
  walk->at = 0;
  walk->link_type = link_type;
  walk->tags = 0;
}

/* The tunnel that was just found, and the packet around it. */
PACKET_INLINE void packet_note_outer(const struct packet_walk* walk, struct packet_event* inner) {
  inner->tunnel_type = walk->tunnel_type;
  inner->tunnel_id = walk->tunnel_id;
  inner->marks &= (uint8_t)~PACKET_HAS_TUNNEL_ID;
  if (walk->has_tunnel_id) inner->marks |= PACKET_HAS_TUNNEL_ID;
  packet_copy16(inner->outer_src_address, inner->src_address);
  packet_copy16(inner->outer_dst_address, inner->dst_address);
}

PACKET_INLINE enum packet_reason packet_judge(const struct packet_parse_config* config,
                                              const struct packet_event* event) {
  if (config->drop_later_fragments && event->marks & PACKET_LATER_FRAGMENT) return PACKET_FRAGMENT;
  const uint32_t protocol = event->ip_protocol;
  if (!(config->protocols[protocol >> 6] >> (protocol & 63) & 1)) return PACKET_PROTOCOL;
  return PACKET_ACCEPTED;
}
