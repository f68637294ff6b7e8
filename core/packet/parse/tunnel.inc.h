/* Tunnels: from a packet's transport header to what it carries. Included once per reader, see walk.h.
 *
 * Each function begins with *at at the tunnel's header, leaves it at what stands inside, and returns the kind of that.
 * PACKET_KIND_NONE: this is no such tunnel, or none that can be opened. */

/* RFC 2637 4.1: GRE version 1 with key (payload length, call) and, where there is a payload, a sequence number. */
PACKET_INLINE uint32_t PACKET_NAME(pptp)(PACKET_READER* reader, struct packet_walk* walk, uint32_t bits, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header || packet_load16(header + 2) != PACKET_KIND_PPP) return PACKET_KIND_NONE;
  if ((bits & 0xff78) != 0x3000) return PACKET_KIND_NONE; /* K and S; A may be set; C, R, s, Recur, Flags are 0 */
  const uint32_t payload_bytes = packet_load16(header + 4);
  packet_note_tunnel(walk, PACKET_TUNNEL_PPTP, packet_load16(header + 6));
  *at += bits & 0x80 ? 16 : 12; /* acknowledgement number */
  return *at - walk->at + payload_bytes > walk->wire_bytes ? PACKET_KIND_NONE : PACKET_KIND_PPP;
}

/* draft-foschiano-erspan-03: type I has no header of its own and no field in that of GRE; types II and III have
 * versions 1 and 2. `bits` are GRE's. */
PACKET_INLINE uint32_t PACKET_NAME(erspan)(PACKET_READER* reader, struct packet_walk* walk, uint32_t bits,
                                           uint32_t is_type3, uint32_t* at) {
  packet_note_tunnel(walk, PACKET_TUNNEL_ERSPAN, 0);
  if (!is_type3 && !(bits & 0xb000)) {
    walk->has_tunnel_id = 0;
    return PACKET_KIND_ETHERNET;
  }
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header || header[0] >> 4 != (is_type3 ? 2 : 1)) return PACKET_KIND_NONE;
  walk->tunnel_id = packet_load16(header + 2) & 0x3ff; /* session */
  *at += 8;
  if (!is_type3) return PACKET_KIND_ETHERNET;
  header = PACKET_FETCH(reader, walk, *at + 2, 2);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t word = packet_load16(header);
  const uint32_t frame_type = word >> 10 & 0x1f;
  *at += word & 1 ? 12 : 4; /* platform-specific subheader */
  return frame_type == 0 ? PACKET_KIND_ETHERNET : frame_type == 2 ? PACKET_KIND_IP : PACKET_KIND_NONE;
}

/* WCCP version 2 (draft-mclaggan-wccp-v2rev1 4.5) has a redirect header of 4 bytes, of whose first only two bits may be
 * set; version 1 has none. */
PACKET_INLINE uint32_t PACKET_NAME(wccp)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 1);
  if (!header) return PACKET_KIND_NONE;
  walk->tunnel_type = PACKET_TUNNEL_WCCP;
  walk->has_tunnel_id = 0;
  walk->tunnel_id = 0;
  if (!(header[0] & 0x3f)) *at += 4;
  return PACKET_KIND_IP;
}

/* RFC 2784 and 2890; version 0 without source routing. */
PACKET_INLINE uint32_t PACKET_NAME(gre)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 4);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t bits = packet_load16(header);
  const uint32_t kind = packet_load16(header + 2);
  if ((bits & 7) == 1) return PACKET_NAME(pptp)(reader, walk, bits, at);
  if (bits & 0x4007) return PACKET_KIND_NONE;
  *at += bits & 0x8000 ? 8 : 4; /* checksum */
  walk->tunnel_type = PACKET_TUNNEL_GRE;
  if (bits & 0x2000) {
    header = PACKET_FETCH(reader, walk, *at, 4);
    if (!header) return PACKET_KIND_NONE;
    packet_note_tunnel(walk, PACKET_TUNNEL_GRE, packet_load32(header));
    *at += 4;
  }
  if (bits & 0x1000) *at += 4; /* sequence number */
  if (kind == PACKET_KIND_ERSPAN || kind == PACKET_KIND_ERSPAN3) {
    return PACKET_NAME(erspan)(reader, walk, bits, kind == PACKET_KIND_ERSPAN3, at);
  }
  if (kind == PACKET_KIND_WCCP) return PACKET_NAME(wccp)(reader, walk, at);
  return packet_inside_of_kind(kind);
}

/* RFC 3378: version 3, the other 12 bits 0, an Ethernet frame. */
PACKET_INLINE uint32_t PACKET_NAME(etherip)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 2);
  if (!header || packet_load16(header) != 0x3000) return PACKET_KIND_NONE;
  walk->tunnel_type = PACKET_TUNNEL_ETHERIP;
  *at += 2;
  return PACKET_KIND_ETHERNET;
}

/* RFC 3931 4.1.1: session (0: a control message), cookie, whose length nothing tells, and RFC 4719: an Ethernet frame,
 * with the default sublayer before it or without, of whose first byte only the S bit may be set. */
PACKET_INLINE uint32_t PACKET_NAME(l2tpv3)(PACKET_READER* reader, struct packet_walk* walk, uint32_t cookie_bytes,
                                           uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 4);
  if (!header || packet_load32(header) == 0) return PACKET_KIND_NONE;
  packet_note_tunnel(walk, PACKET_TUNNEL_L2TPV3, packet_load32(header));
  *at += 4 + cookie_bytes;
  header = PACKET_FETCH(reader, walk, *at, 1);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t frame_at = PACKET_NAME(find_ethernet)(reader, walk, *at, !(header[0] & 0xbf));
  if (!frame_at) return PACKET_KIND_NONE;
  *at = frame_at;
  return PACKET_KIND_ETHERNET;
}

/* What the packet in `outer`, whose transport header is at walk->at, carries in the tunnel that `carrier` says it may
 * be (packet_carrier). Leaves type and id of the tunnel in the walk, walk->at at what stands inside, and its kind
 * there. */
PACKET_RARE int PACKET_NAME(tunnel)(PACKET_READER* reader, struct packet_walk* walk, struct packet_event* outer,
                                    uint32_t carrier, uint32_t cookie_bytes) {
  if (!walk || !outer) return PACKET_INSIDE_NOTHING;
  uint32_t at = walk->at;
  uint32_t kind = PACKET_KIND_NONE;
  walk->has_tunnel_id = 0;
  walk->tunnel_id = 0;
  walk->tunnel_type = (uint8_t)carrier;
  if (outer->ip_protocol == PACKET_PROTOCOL_UDP) {
    walk->carrier = carrier;
    kind = (uint32_t)PACKET_NAME(udp_tunnel)(reader, walk);
    carrier = walk->carrier;
    at = walk->inside_at;
  }
  switch (carrier) {
    case PACKET_TUNNEL_IPIP:
    case PACKET_TUNNEL_6IN4:
    case PACKET_TUNNEL_4IN6:
    case PACKET_TUNNEL_IP6IN6:
      kind = PACKET_KIND_IP;
      break;
    case PACKET_TUNNEL_GRE:
      kind = PACKET_NAME(gre)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_ETHERIP:
      kind = PACKET_NAME(etherip)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_L2TPV3:
      kind = PACKET_NAME(l2tpv3)(reader, walk, cookie_bytes, &at);
      break;
    default: /* of UDP */
      break;
  }

  if (kind == PACKET_KIND_IP4 || kind == PACKET_KIND_IP6 || kind == PACKET_KIND_IP) {
    const uint8_t* header = PACKET_FETCH(reader, walk, at, 1);
    if (!header) return PACKET_INSIDE_NOTHING;
    kind = packet_kind_of_version(header[0] >> 4);
  }
  if (kind == PACKET_KIND_NONE) return PACKET_INSIDE_NOTHING;
  walk->kind = kind;
  packet_enter(walk, at, kind == PACKET_KIND_IP4 ? 4 : 6);
  return kind == PACKET_KIND_IP4 || kind == PACKET_KIND_IP6 ? PACKET_INSIDE_IP : PACKET_INSIDE_HEADERS;
}

/* The same, as open_headers(). */
PACKET_INLINE int PACKET_NAME(open_tunnel)(PACKET_READER* reader, struct packet_walk* walk, struct packet_event* outer,
                                           uint32_t carrier, uint32_t cookie_bytes) {
#ifdef __bpf__
  return PACKET_NAME(tunnel)(reader, walk, outer, carrier, cookie_bytes);
#else
  struct packet_walk apart = *walk;
  const int inside = PACKET_NAME(tunnel)(reader, &apart, outer, carrier, cookie_bytes);
  *walk = apart;
  return inside;
#endif
}
