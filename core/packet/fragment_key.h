/* core/packet/fragment_key.h - what the fragments of one datagram have in common: the key of the memory of first
 * fragments, in user space (fragment_table.h) and in the kernel (bpf/capture_rings.h). Plain C. */
#pragma once

#include "core/packet/event.h"
#include "core/packet/parse/walk.h"

/* Why so long: a sender may take its time, and 60 s is what RFC 8200, section 4.5, gives the parts of a datagram. */
#define PACKET_FRAGMENT_MEMORY_NS 60000000000ll

/* No padding: hashed and compared as bytes. What the scope leaves out is 0. */
struct packet_fragment_key {
  uint8_t src_address[16];
  uint8_t dst_address[16];
  uint32_t fragment_id;
  uint32_t tunnel_id;
  uint16_t vlan_id;
  uint8_t has_vlan;
  uint8_t has_tunnel_id;
  uint8_t tunnel_type;
  uint8_t fragment_protocol;
  uint8_t ip_version;
  uint8_t reserved;
};

/* `scope`: a packet_fragment_scope. */
PACKET_INLINE void packet_fragment_key_of(const struct packet_event* event, uint32_t scope,
                                          struct packet_fragment_key* key) {
  const uint32_t of_vlan = scope == PACKET_FRAGMENTS_OF_VLAN;
  const uint32_t of_tunnel = scope != PACKET_FRAGMENTS_OF_ADDRESSES;
  packet_copy16(key->src_address, event->src_address);
  packet_copy16(key->dst_address, event->dst_address);
  key->fragment_id = event->fragment_id;
  key->tunnel_id = of_tunnel ? event->tunnel_id : 0;
  key->vlan_id = of_vlan ? event->outer_vlan_id : 0;
  key->has_vlan = of_vlan && event->vlan_count > 0;
  key->has_tunnel_id = of_tunnel && (event->marks & PACKET_HAS_TUNNEL_ID) != 0;
  key->tunnel_type = of_tunnel ? event->tunnel_type : 0;
  key->fragment_protocol = event->fragment_protocol;
  key->ip_version = event->ip_version;
  key->reserved = 0;
}

#ifdef __cplusplus
static_assert(sizeof(struct packet_fragment_key) == 48, "hashed and compared as bytes");
#else
_Static_assert(sizeof(struct packet_fragment_key) == 48, "hashed and compared as bytes");
#endif
