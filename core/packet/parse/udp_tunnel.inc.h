/* Tunnels over UDP: from the UDP header to what it carries. Included once per reader, see walk.h; the functions
 * are as in tunnel.inc.h. */

/* RFC 7348. */
PACKET_INLINE uint32_t PACKET_NAME(vxlan)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header || !(header[0] & 8)) return PACKET_KIND_NONE;
  packet_note_tunnel(walk, PACKET_TUNNEL_VXLAN, packet_load32(header + 4) >> 8);
  *at += 8;
  return PACKET_KIND_ETHERNET;
}

/* draft-ietf-nvo3-vxlan-gpe-13: flags R R Ver Ver I P B O. With O it is no packet of a tenant; R, Ver and the two bytes
 * behind are 0. Without P there is an Ethernet frame, and the next protocol is 0. */
PACKET_INLINE uint32_t PACKET_NAME(vxlan_gpe)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t flags = header[0];
  const uint32_t next = header[3];
  if (flags & 0xf1 || header[1] || header[2]) return PACKET_KIND_NONE;
  if (flags & 8) packet_note_tunnel(walk, PACKET_TUNNEL_VXLAN_GPE, packet_load32(header + 4) >> 8);
  *at += 8;
  if (flags & 4) return packet_kind_of_next_protocol(next);
  return next == 0 ? PACKET_KIND_ETHERNET : PACKET_KIND_NONE;
}

/* RFC 8926. */
PACKET_INLINE uint32_t PACKET_NAME(geneve)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header || header[0] >> 6 != 0) return PACKET_KIND_NONE;
  packet_note_tunnel(walk, PACKET_TUNNEL_GENEVE, packet_load32(header + 4) >> 8);
  *at += 8 + (header[0] & 0x3f) * 4;
  return packet_inside_of_kind(packet_load16(header + 2));
}

/* 3GPP TS 29.281, message type 255; with any of the extension, sequence and N-PDU bits there are 4 more bytes. */
PACKET_INLINE uint32_t PACKET_NAME(gtpu)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header || (header[0] & 0xf0) != 0x30 || header[1] != 255) return PACKET_KIND_NONE;
  const uint32_t flags = header[0];
  packet_note_tunnel(walk, PACKET_TUNNEL_GTPU, packet_load32(header + 4));
  *at += 8;
  if (!(flags & 7)) return PACKET_KIND_IP;
  header = PACKET_FETCH(reader, walk, *at, 4);
  if (!header) return PACKET_KIND_NONE;
  uint32_t next = header[3];
  *at += 4;
  if (!(flags & 4)) return PACKET_KIND_IP;
  for (uint32_t extension = 0; next != 0; ++extension) {
    if (extension == PACKET_MAX_GTP_EXTENSIONS) return PACKET_KIND_NONE;
    header = PACKET_FETCH(reader, walk, *at, 1);
    if (!header || header[0] == 0) return PACKET_KIND_NONE;
    *at = packet_forget(walk, *at + header[0] * 4u);
    header = PACKET_FETCH(reader, walk, *at - 1, 1); /* an extension ends with the type of the next */
    if (!header) return PACKET_KIND_NONE;
    next = header[0];
  }
  return PACKET_KIND_IP;
}

/* RFC 4380: authentication and origin indication may stand before the IPv6 packet. */
PACKET_INLINE uint32_t PACKET_NAME(teredo)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 2);
  if (header && packet_load16(header) == 1) {
    header = PACKET_FETCH(reader, walk, *at, 4);
    if (!header) return PACKET_KIND_NONE;
    *at = packet_forget(walk, *at + 13 + header[2] + header[3]);
    header = PACKET_FETCH(reader, walk, *at, 2);
  }
  if (header && packet_load16(header) == 0) *at += 8;
  header = PACKET_FETCH(reader, walk, *at, 1);
  return header && header[0] >> 4 == 6 ? PACKET_KIND_IP6 : PACKET_KIND_NONE;
}

/* RFC 2661 3.1: data messages, version 2. The id is what stands there: tunnel, session. */
PACKET_INLINE uint32_t PACKET_NAME(l2tp)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint32_t begin = *at;
  const uint8_t* header = PACKET_FETCH(reader, walk, begin, 2);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t bits = packet_load16(header);
  if ((bits & 0xb4ff) != 2) return PACKET_KIND_NONE; /* T and the reserved bits are 0; L, S, O and P may be set */
  *at += 2;
  uint32_t length_bytes = 0;
  if (bits & 0x4000) {
    header = PACKET_FETCH(reader, walk, *at, 2);
    if (!header) return PACKET_KIND_NONE;
    length_bytes = packet_load16(header);
    *at += 2;
  }
  header = PACKET_FETCH(reader, walk, *at, 4);
  if (!header) return PACKET_KIND_NONE;
  packet_note_tunnel(walk, PACKET_TUNNEL_L2TP, packet_load32(header));
  *at += bits & 0x0800 ? 8 : 4; /* sequence numbers */
  if (bits & 0x0200) {          /* offset size, and so many bytes that nobody uses */
    header = PACKET_FETCH(reader, walk, *at, 2);
    if (!header) return PACKET_KIND_NONE;
    *at = packet_forget(walk, *at + 2 + packet_load16(header));
  }
  if (bits & 0x4000 && (begin + length_bytes < *at || begin + length_bytes > walk->at + walk->wire_bytes)) {
    return PACKET_KIND_NONE;
  }
  return PACKET_KIND_PPP;
}

/* draft-ietf-intarea-gue-09: variant 0 names an IP protocol, variant 1 is an IP packet itself. Where the protocol is a
 * tunnel that has a header, walk->carrier becomes that. */
PACKET_INLINE uint32_t PACKET_NAME(gue)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 1);
  if (!header) return PACKET_KIND_NONE;
  if (header[0] >> 6 == 1) return PACKET_KIND_IP;
  header = PACKET_FETCH(reader, walk, *at, 4);
  if (!header || header[0] & 0xe0) return PACKET_KIND_NONE; /* variants 2 and 3, control messages */
  *at += 4 + (header[0] & 0x1f) * 4;
  switch (header[1]) {
    case PACKET_PROTOCOL_IP4:
    case PACKET_PROTOCOL_IP6:
      return PACKET_KIND_IP;
    case PACKET_PROTOCOL_GRE:
      walk->carrier = PACKET_TUNNEL_GRE;
      return PACKET_KIND_NONE;
    case PACKET_PROTOCOL_ETHERIP:
      walk->carrier = PACKET_TUNNEL_ETHERIP;
      return PACKET_KIND_NONE;
    default:
      return PACKET_KIND_NONE;
  }
}

/* RFC 9300 5.1: flags N L E V I P K K; N and V exclude each other, K means encrypted, P (RFC 9305) that the fourth byte
 * names what is inside. The id is the instance. */
PACKET_INLINE uint32_t PACKET_NAME(lisp)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t flags = header[0];
  if (flags & 3 || (flags & 0x90) == 0x90) return PACKET_KIND_NONE;
  if (flags & 8) packet_note_tunnel(walk, PACKET_TUNNEL_LISP, packet_load32(header + 4) >> 8);
  *at += 8;
  return flags & 4 ? packet_kind_of_next_protocol(header[3]) : PACKET_KIND_IP;
}

/* IEEE 802.11: data in clear, whole and not aggregated; the LLC header behind it. Some access controllers exchange the
 * bytes of its 16-bit fields: the byte of frame control whose version is 0 is the first. */
PACKET_INLINE uint32_t PACKET_NAME(capwap_data)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 24);
  if (!header) return PACKET_KIND_NONE;
  const uint32_t is_swapped = (header[0] & 3) != 0;
  const uint32_t control = is_swapped ? header[1] : header[0];
  const uint32_t flags = is_swapped ? header[0] : header[1];
  if ((control & 0x4f) != 8) return PACKET_KIND_NONE; /* version 0, type data, with data */
  if (flags & 0x44 || header[22 + is_swapped] & 0xf)
    return PACKET_KIND_NONE; /* protected, more fragments; a fragment */
  *at += (flags & 3) == 3 ? 30 : 24;
  if (control & 0x80) { /* QoS */
    header = PACKET_FETCH(reader, walk, *at, 2);
    if (!header || header[is_swapped] & 0x80) return PACKET_KIND_NONE;
    *at += flags & 0x80 ? 6 : 2;
  }
  return PACKET_KIND_LLC;
}

/* RFC 5415 4.3 and 5416: preamble 0 (type 1 is DTLS), then HLEN:5 RID:5 WBID:5 T F L W M K and 3 reserved bits.
 * Fragments and keep-alives stay closed. */
PACKET_INLINE uint32_t PACKET_NAME(capwap)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header || header[0] != 0 || header[1] >> 3 < 2 || header[3] & 0x8f) return PACKET_KIND_NONE;
  const uint32_t is_native = header[2] & 1;
  const uint32_t binding = header[2] >> 1 & 0x1f;
  *at = packet_forget(walk, *at + (header[1] >> 3) * 4u);
  if (!is_native) return PACKET_KIND_ETHERNET;
  return binding == 1 ? PACKET_NAME(capwap_data)(reader, walk, at) : PACKET_KIND_NONE;
}

/* By walk->carrier, from the UDP header at walk->at; leaves walk->inside_at. Another carrier in walk->carrier: that
 * tunnel begins there. */
PACKET_RARE int PACKET_NAME(udp_tunnel)(PACKET_READER* reader, struct packet_walk* walk) {
  if (!walk) return PACKET_KIND_NONE;
  uint32_t at = walk->at + 8;
  uint32_t kind = PACKET_KIND_NONE;
  switch (walk->carrier) {
    case PACKET_TUNNEL_VXLAN:
      kind = PACKET_NAME(vxlan)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_GENEVE:
      kind = PACKET_NAME(geneve)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_GTPU:
      kind = PACKET_NAME(gtpu)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_TEREDO:
      kind = PACKET_NAME(teredo)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_L2TP:
      kind = PACKET_NAME(l2tp)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_MPLS_UDP:
      kind = PACKET_KIND_MPLS; /* RFC 7510 */
      break;
    case PACKET_TUNNEL_VXLAN_GPE:
      kind = PACKET_NAME(vxlan_gpe)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_GUE:
      kind = PACKET_NAME(gue)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_LISP:
      kind = PACKET_NAME(lisp)(reader, walk, &at);
      break;
    case PACKET_TUNNEL_CAPWAP:
      kind = PACKET_NAME(capwap)(reader, walk, &at);
      break;
    default:
      break;
  }
  walk->inside_at = at;
  return (int)kind;
}
