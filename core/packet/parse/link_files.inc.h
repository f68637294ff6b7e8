/* Link types that no interface hands to the kernel program: for capture files and libpcap alone. Included once per
 * reader, after the link types that both have; see walk.h. Formats:
 * https://www.tcpdump.org/linktypes.html and its pages. */

#include "core/packet/parse/link_wlan.inc.h"

#define PACKET_MAX_NFLOG_ATTRIBUTES 32 /* the kernel knows 20; more: none of ours */

/* LINKTYPE_NFLOG: attributes, one of which is the packet. Lengths and types are in the order of the host that captured;
 * a type is below 256, so that the place of its zero tells the order. */
PACKET_INLINE enum packet_reason PACKET_NAME(nflog)(PACKET_READER* reader, struct packet_walk* walk,
                                                    struct packet_event* event, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 4);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t family = header[0];
  if (header[1] != 0) return PACKET_NOT_IP;
  const uint32_t end = at + walk->wire_bytes;
  uint32_t kind = family == PACKET_FAMILY_IP4         ? PACKET_KIND_IP4
                  : family == PACKET_FAMILY_IP6_LINUX ? PACKET_KIND_IP6
                                                      : 0;
  at += 4;
  for (uint32_t attribute = 0; attribute < PACKET_MAX_NFLOG_ATTRIBUTES && at < end; ++attribute) {
    header = PACKET_FETCH(reader, walk, at, 4);
    if (!header) return PACKET_TRUNCATED_L2;
    const uint32_t is_little = header[3] == 0;
    const uint32_t type = is_little ? packet_little16(header + 2) : packet_load16(header + 2);
    const uint32_t length = is_little ? packet_little16(header) : packet_load16(header);
    if (type == 0 || type > 255 || length < 4) return PACKET_NOT_IP;
    if (type == 9) { /* NFULA_PAYLOAD */
      packet_enter(walk, at + 4, 0);
      if (walk->wire_bytes > length - 4) walk->wire_bytes = length - 4;
      walk->limit = packet_stop(walk->limit, at + 4, length - 4);
      return PACKET_NAME(ethertype)(reader, walk, event, kind, at + 4);
    }
    if (type == 1 && kind == 0) { /* NFULA_PACKET_HDR: EtherType, where the family does not tell (bridges) */
      header = PACKET_FETCH(reader, walk, at + 4, 2);
      if (!header) return PACKET_TRUNCATED_L2;
      kind = packet_load16(header);
    }
    at += (length + 3) & ~3u;
  }
  return PACKET_NOT_IP;
}

/* RFC 2427: Q.922 address of 2 to 4 bytes, control, NLPID; or Cisco's way, an EtherType right behind the address. */
PACKET_INLINE enum packet_reason PACKET_NAME(frame_relay)(PACKET_READER* reader, struct packet_walk* walk,
                                                          struct packet_event* event, uint32_t at) {
  uint32_t address_bytes = 0;
  const uint8_t* header;
  do { /* the lowest bit of the last byte of an address is 1 */
    header = PACKET_FETCH(reader, walk, at, 1);
    if (!header) return PACKET_TRUNCATED_L2;
    at += 1;
    address_bytes += 1;
  } while (!(header[0] & 1) && address_bytes < 4);
  if (address_bytes < 2 || !(header[0] & 1)) return PACKET_NOT_IP;
  header = PACKET_FETCH(reader, walk, at, 2);
  if (!header) return PACKET_TRUNCATED_L2;
  if (header[0] != 0x03) { /* no unnumbered information */
    const uint32_t kind = packet_load16(header);
    return kind < PACKET_KIND_MIN ? PACKET_NOT_IP : PACKET_NAME(ethertype)(reader, walk, event, kind, at + 2);
  }
  uint32_t nlpid = header[1];
  at += 2;
  if (nlpid == 0) { /* a byte of padding */
    header = PACKET_FETCH(reader, walk, at, 1);
    if (!header) return PACKET_TRUNCATED_L2;
    nlpid = header[0];
    at += 1;
  }
  if (nlpid == PACKET_NLPID_IP4) return packet_enter(walk, at, 4);
  if (nlpid == PACKET_NLPID_IP6) return packet_enter(walk, at, 6);
  if (nlpid == PACKET_NLPID_PPP) return PACKET_NAME(ppp)(reader, walk, event, at); /* RFC 1973 */
  if (nlpid != PACKET_NLPID_SNAP) return PACKET_NOT_IP;
  header = PACKET_FETCH(reader, walk, at, 5); /* SNAP */
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t organisation = packet_load32(header) >> 8;
  const uint32_t kind = packet_load16(header + 3);
  if (organisation == 0 && kind >= PACKET_KIND_MIN) return PACKET_NAME(ethertype)(reader, walk, event, kind, at + 5);
  if (organisation != 0x0080c2 || (kind != 1 && kind != 7)) return PACKET_NOT_IP; /* bridged Ethernet */
  packet_enter(walk, at + 5, 0);
  return PACKET_NAME(ethernet)(reader, walk, event);
}

/* LINKTYPE_JUNIPER_ETHER: magic number, flags, extensions; behind them a frame, or 4 bytes more and a bare packet. */
PACKET_INLINE enum packet_reason PACKET_NAME(juniper)(PACKET_READER* reader, struct packet_walk* walk,
                                                      struct packet_event* event, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 4);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t flags = header[3];
  if (packet_load32(header) >> 8 != 0x4d4743) return PACKET_NOT_IP;
  at += 4;
  if (flags & 0x80) {
    header = PACKET_FETCH(reader, walk, at, 2);
    if (!header) return PACKET_TRUNCATED_L2;
    at += 2 + packet_load16(header);
  }
  if (!(flags & 0x02)) {
    packet_enter(walk, at, 0);
    return PACKET_NAME(ethernet)(reader, walk, event);
  }
  at += 4;
  header = PACKET_FETCH(reader, walk, at, 1);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint8_t version = header[0] >> 4;
  return version == 4 || version == 6 ? packet_enter(walk, at, version) : PACKET_NOT_IP;
}

/* LINKTYPE_IPNET: 24 bytes, of which the second is the address family as Solaris numbers it. */
PACKET_INLINE enum packet_reason PACKET_NAME(ipnet)(PACKET_READER* reader, struct packet_walk* walk, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 24);
  if (!header) return PACKET_TRUNCATED_L2;
  if (header[0] != 1 || (header[1] != PACKET_FAMILY_IP4 && header[1] != PACKET_FAMILY_IP6_SOLARIS)) {
    return PACKET_NOT_IP;
  }
  return packet_enter(walk, at + 24, header[1] == PACKET_FAMILY_IP4 ? 4 : 6);
}

/* LINKTYPE_PKTAP and LINKTYPE_PPI, both little-endian: a header that names the link type of the frame behind it. */
PACKET_INLINE enum packet_reason PACKET_NAME(wrapped)(PACKET_READER* reader, struct packet_walk* walk) {
  const uint32_t at = walk->at;
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 8);
  if (!header) return PACKET_TRUNCATED_L2;
  uint32_t length;
  if (walk->link_type == PACKET_LINK_PPI) {
    length = packet_little16(header + 2);
    if (header[0] != 0 || length < 8) return PACKET_NOT_IP;
    walk->link_type = packet_little32(header + 4);
  } else {
    length = packet_little32(header);
    if (length < 108 || packet_little32(header + 4) != 1) return PACKET_NOT_IP; /* PTH_TYPE_PACKET */
    header = PACKET_FETCH(reader, walk, at + 8, 4);
    if (!header) return PACKET_TRUNCATED_L2;
    walk->link_type = packet_little32(header);
  }
  if (length > walk->limit - at) return PACKET_TRUNCATED_L2;
  return packet_enter(walk, at + length, 0);
}

/* The frame begins at walk->at. */
static __attribute__((noinline)) int PACKET_NAME(file_link)(PACKET_READER* reader, struct packet_walk* walk,
                                                            struct packet_event* event) {
  int unknown = PACKET_UNSUPPORTED_LINK_TYPE;
  if (walk->link_type == PACKET_LINK_PKTAP || walk->link_type == PACKET_LINK_PPI) {
    int reason = PACKET_NAME(wrapped)(reader, walk);
    if (reason != PACKET_ACCEPTED) return reason;
    reason = PACKET_NAME(known_link)(reader, walk, event);
    if (reason != PACKET_UNSUPPORTED_LINK_TYPE) return reason;
    unknown = PACKET_NOT_IP; /* the file's link type is supported */
  }
  switch (walk->link_type) {
    case PACKET_LINK_WLAN:
      return PACKET_NAME(wlan)(reader, walk, event, walk->at, 0);
    case PACKET_LINK_FRAME_RELAY:
      return PACKET_NAME(frame_relay)(reader, walk, event, walk->at);
    case PACKET_LINK_PRISM:
      return PACKET_NAME(prism)(reader, walk, event, walk->at);
    case PACKET_LINK_RADIOTAP:
      return PACKET_NAME(radiotap)(reader, walk, event, walk->at);
    case PACKET_LINK_AVS:
      return PACKET_NAME(avs)(reader, walk, event, walk->at);
    case PACKET_LINK_JUNIPER:
      return PACKET_NAME(juniper)(reader, walk, event, walk->at);
    case PACKET_LINK_IPNET:
      return PACKET_NAME(ipnet)(reader, walk, walk->at);
    case PACKET_LINK_NFLOG:
      return PACKET_NAME(nflog)(reader, walk, event, walk->at);
    default:
      return unknown;
  }
}
