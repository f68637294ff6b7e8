/* core/packet/parse/rules.h - the parser's decisions that read no byte of the frame; the same for every reader. */
#pragma once

#include "core/packet/parse/walk.h"

/* ---- link layer */

/* Moves on to `at`, where an IP header of this version is said to begin. */
PACKET_INLINE enum packet_reason packet_enter(struct packet_walk* walk, uint32_t at, uint8_t ip_version) {
  const uint32_t step = at - walk->at;
  walk->wire_bytes = walk->wire_bytes > step ? walk->wire_bytes - step : 0;
  walk->at = at;
  walk->ip_version = ip_version;
  return PACKET_ACCEPTED;
}

PACKET_INLINE uint32_t packet_is_tag(uint32_t kind) {
  return kind == PACKET_KIND_TAG || kind == PACKET_KIND_SERVICE_TAG || kind == PACKET_KIND_OLD_SERVICE_TAG;
}

/* Whether a packet may stand behind a header of this kind. */
PACKET_INLINE uint32_t packet_leads_on(uint32_t kind) {
  switch (kind) {
    case PACKET_KIND_IP4:
    case PACKET_KIND_IP6:
    case PACKET_KIND_ETHERNET:
    case PACKET_KIND_PPP:
    case PACKET_KIND_MPLS:
    case PACKET_KIND_MPLS_UPSTREAM:
    case PACKET_KIND_PPPOE:
    case PACKET_KIND_MACSEC:
    case PACKET_KIND_PBB:
    case PACKET_KIND_FABRIC_PATH:
    case PACKET_KIND_CISCO_METADATA:
    case PACKET_KIND_VN_TAG:
    case PACKET_KIND_E_TAG:
    case PACKET_KIND_NSH:
      return 1;
    default:
      return packet_is_tag(kind);
  }
}

PACKET_INLINE uint32_t packet_kind_of_version(uint32_t ip_version) {
  return ip_version == 4 ? PACKET_KIND_IP4 : ip_version == 6 ? PACKET_KIND_IP6 : PACKET_KIND_NONE;
}

PACKET_INLINE uint32_t packet_kind_of_next_protocol(uint32_t number) {
  switch (number) {
    case PACKET_NEXT_IP4:
      return PACKET_KIND_IP4;
    case PACKET_NEXT_IP6:
      return PACKET_KIND_IP6;
    case PACKET_NEXT_ETHERNET:
      return PACKET_KIND_ETHERNET;
    case PACKET_NEXT_NSH:
      return PACKET_KIND_NSH;
    case PACKET_NEXT_MPLS:
      return PACKET_KIND_MPLS;
    default:
      return PACKET_KIND_NONE;
  }
}

PACKET_INLINE void packet_note_mac(struct packet_event* event, const uint8_t* ethernet) {
  packet_copy6(event->dst_mac, ethernet);
  packet_copy6(event->src_mac, ethernet + 6);
  event->marks |= PACKET_HAS_MAC;
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

/* ESP is a protocol of its own. */
PACKET_INLINE uint32_t packet_is_extension(uint32_t protocol) {
  return protocol == PACKET_PROTOCOL_HOP_BY_HOP || protocol == PACKET_PROTOCOL_ROUTING ||
         protocol == PACKET_PROTOCOL_FRAGMENT || protocol == PACKET_PROTOCOL_AH ||
         protocol == PACKET_PROTOCOL_DESTINATION || protocol == PACKET_PROTOCOL_MOBILITY ||
         protocol == PACKET_PROTOCOL_HIP || protocol == PACKET_PROTOCOL_SHIM6;
}

/* ---- tunnels */

enum packet_inside { PACKET_INSIDE_NOTHING, PACKET_INSIDE_IP, PACKET_INSIDE_HEADERS };

/* 1 if one of the list's ports is this one; no branches, since the kernel's verifier would follow each of them. */
PACKET_INLINE uint32_t packet_lists_port(const uint16_t* ports, uint32_t port) {
  uint64_t found = 0;
  for (uint32_t i = 0; i < PACKET_MAX_TUNNEL_PORTS; ++i) found |= ((uint64_t)(ports[i] ^ port) - 1) >> 63;
  return (uint32_t)found;
}

/* Which tunnel over UDP, by the destination port or by the source port where that counts too. A port of a list is what
 * the list says. */
PACKET_INLINE uint32_t packet_carrier_by_port(const struct packet_parse_config* config, uint32_t port,
                                              uint32_t is_source) {
  if (port == 0) return PACKET_TUNNEL_NONE; /* in the lists: no entry */
  if (packet_lists_port(config->gtpu_ports, port)) return PACKET_TUNNEL_GTPU;
  if (!is_source) {
    if (packet_lists_port(config->vxlan_ports, port)) return PACKET_TUNNEL_VXLAN;
    if (packet_lists_port(config->geneve_ports, port)) return PACKET_TUNNEL_GENEVE;
  }
  switch (port) {
    case PACKET_PORT_L2TP:
      return PACKET_TUNNEL_L2TP;
    case PACKET_PORT_TEREDO:
      return PACKET_TUNNEL_TEREDO;
    case PACKET_PORT_CAPWAP_DATA:
      return PACKET_TUNNEL_CAPWAP;
    default:
      break;
  }
  if (is_source) return PACKET_TUNNEL_NONE;
  switch (port) {
    case PACKET_PORT_LISP_DATA:
      return PACKET_TUNNEL_LISP;
    case PACKET_PORT_VXLAN_GPE:
      return PACKET_TUNNEL_VXLAN_GPE;
    case PACKET_PORT_GUE:
      return PACKET_TUNNEL_GUE;
    case PACKET_PORT_MPLS_UDP:
      return PACKET_TUNNEL_MPLS_UDP;
    default:
      return PACKET_TUNNEL_NONE;
  }
}

/* Which tunnel the packet may be, by protocol and ports; spares nearly all others the tunnel stage. */
PACKET_INLINE uint32_t packet_carrier(const struct packet_parse_config* config, const struct packet_event* event) {
  if (event->ip_protocol == PACKET_PROTOCOL_TCP) return PACKET_TUNNEL_NONE;
  if (event->ip_protocol == PACKET_PROTOCOL_UDP) {
    if (!packet_notes_port(config, event->dst_port) && !packet_notes_port(config, event->src_port)) {
      return PACKET_TUNNEL_NONE;
    }
    const uint32_t carrier = packet_carrier_by_port(config, event->dst_port, 0);
    return carrier != PACKET_TUNNEL_NONE ? carrier : packet_carrier_by_port(config, event->src_port, 1);
  }
  switch (event->ip_protocol) {
    case PACKET_PROTOCOL_IP4:
      return event->ip_version == 4 ? PACKET_TUNNEL_IPIP : PACKET_TUNNEL_4IN6;
    case PACKET_PROTOCOL_IP6:
      return event->ip_version == 4 ? PACKET_TUNNEL_6IN4 : PACKET_TUNNEL_IP6IN6;
    case PACKET_PROTOCOL_GRE:
      return PACKET_TUNNEL_GRE;
    case PACKET_PROTOCOL_ETHERIP:
      return PACKET_TUNNEL_ETHERIP;
    case PACKET_PROTOCOL_L2TP:
      return PACKET_TUNNEL_L2TPV3;
    default:
      return PACKET_TUNNEL_NONE;
  }
}

/* Where a tunnel's header names its content by EtherType. IP: the first 4 bits tell the version. */
PACKET_INLINE uint32_t packet_inside_of_kind(uint32_t kind) {
  switch (kind) {
    case PACKET_KIND_IP4:
    case PACKET_KIND_IP6:
      return PACKET_KIND_IP;
    case PACKET_KIND_ETHERNET:
    case PACKET_KIND_MPLS:
    case PACKET_KIND_MPLS_UPSTREAM:
    case PACKET_KIND_NSH:
      return kind;
    default:
      return PACKET_KIND_NONE;
  }
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
  event->outer_ip_version = 0;
  event->reserved = 0;
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
  walk->kind = PACKET_KIND_NONE;
  walk->tags = 0;
}

/* The tunnel that was just found, and the packet around it. */
PACKET_INLINE void packet_note_outer(const struct packet_walk* walk, struct packet_event* inner) {
  inner->tunnel_type = walk->tunnel_type;
  inner->tunnel_id = walk->tunnel_id;
  inner->marks &= (uint8_t)~PACKET_HAS_TUNNEL_ID;
  if (walk->has_tunnel_id) inner->marks |= PACKET_HAS_TUNNEL_ID;
  inner->outer_ip_version = inner->ip_version;
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
