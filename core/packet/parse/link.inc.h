/* Link layer: from the frame's first byte to its IP header. Included once per reader, see walk.h. */

/* From an Ethernet kind on. Tags are read here, what is rarer by a stage of its own. */
PACKET_INLINE enum packet_reason PACKET_NAME(ethertype)(PACKET_READER* reader, struct packet_walk* walk,
                                                        struct packet_event* event, uint32_t kind, uint32_t at) {
  const enum packet_reason reason = PACKET_NAME(tags)(reader, walk, event, &kind, &at);
  if (reason != PACKET_ACCEPTED) return reason;
  if (kind == PACKET_KIND_IP4) return packet_enter(walk, at, 4);
  if (kind == PACKET_KIND_IP6) return packet_enter(walk, at, 6);
  packet_enter(walk, at, 0);
  walk->kind = kind;
  return (enum packet_reason)PACKET_NAME(open_headers)(reader, walk, event);
}

/* PPP from its address and control bytes on, where it has them. */
PACKET_INLINE enum packet_reason PACKET_NAME(ppp)(PACKET_READER* reader, struct packet_walk* walk,
                                                  struct packet_event* event, uint32_t at) {
  return PACKET_NAME(ethertype)(reader, walk, event, PACKET_KIND_PPP, at);
}

/* The outermost Ethernet header gives the addresses. */
PACKET_INLINE enum packet_reason PACKET_NAME(ethernet)(PACKET_READER* reader, struct packet_walk* walk,
                                                       struct packet_event* event) {
  const uint32_t at = walk->at;
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 14);
  if (!header) return PACKET_TRUNCATED_L2;
  packet_note_mac(event, header);
  return PACKET_NAME(ethertype)(reader, walk, event, packet_load16(header + 12), at + 14);
}

/* The address family's number differs between the systems that write these, and so does its byte order. */
PACKET_INLINE enum packet_reason PACKET_NAME(loopback)(PACKET_READER* reader, struct packet_walk* walk, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 4);
  if (!header) return PACKET_TRUNCATED_L2;
  uint32_t family = packet_load32(header);
  if (family > 0xffff) family = __builtin_bswap32(family);
  if (family == PACKET_FAMILY_IP4) return packet_enter(walk, at + 4, 4);
  if (family == PACKET_FAMILY_IP6_LINUX || family == PACKET_FAMILY_IP6_BSD || family == PACKET_FAMILY_IP6_FREEBSD ||
      family == PACKET_FAMILY_IP6_DARWIN) {
    return packet_enter(walk, at + 4, 6);
  }
  return PACKET_NOT_IP;
}

/* The link types of interfaces, and those of files that are as simple. The frame begins at walk->at. */
PACKET_INLINE int PACKET_NAME(known_link)(PACKET_READER* reader, struct packet_walk* walk, struct packet_event* event) {
  const uint32_t at = walk->at;
  const uint8_t* header;
  switch (walk->link_type) {
    case PACKET_LINK_ETHERNET:
      return PACKET_NAME(ethernet)(reader, walk, event);
    case PACKET_LINK_LINUX_SLL:
      header = PACKET_FETCH(reader, walk, at, 16);
      if (!header) return PACKET_TRUNCATED_L2;
      return PACKET_NAME(ethertype)(reader, walk, event, packet_load16(header + 14), at + 16);
    case PACKET_LINK_LINUX_SLL2:
      header = PACKET_FETCH(reader, walk, at, 20);
      if (!header) return PACKET_TRUNCATED_L2;
      return PACKET_NAME(ethertype)(reader, walk, event, packet_load16(header), at + 20);
    case PACKET_LINK_DLT_RAW:
    case PACKET_LINK_RAW:
    case PACKET_LINK_IP4:
    case PACKET_LINK_IP6: {
      header = PACKET_FETCH(reader, walk, at, 1);
      if (!header) return PACKET_TRUNCATED_L2;
      const uint8_t version = walk->link_type == PACKET_LINK_IP4   ? 4
                              : walk->link_type == PACKET_LINK_IP6 ? 6
                                                                   : header[0] >> 4;
      if (version != 4 && version != 6) return PACKET_NOT_IP;
      return packet_enter(walk, at, version);
    }
    case PACKET_LINK_NULL:
    case PACKET_LINK_LOOP:
      return PACKET_NAME(loopback)(reader, walk, at);
    case PACKET_LINK_PPP:        /* with or without address and control bytes */
    case PACKET_LINK_PPP_HDLC: { /* the same, or Cisco HDLC */
      header = PACKET_FETCH(reader, walk, at, 2);
      if (!header) return PACKET_TRUNCATED_L2;
      const uint32_t framing = packet_load16(header);
      if (walk->link_type == PACKET_LINK_PPP || (framing >> 8 != 0x0f && framing >> 8 != 0x8f)) {
        return PACKET_NAME(ppp)(reader, walk, event, at);
      }
    } /* fall through */
    case PACKET_LINK_CISCO_HDLC:
      header = PACKET_FETCH(reader, walk, at, 4);
      if (!header) return PACKET_TRUNCATED_L2;
      return PACKET_NAME(ethertype)(reader, walk, event, packet_load16(header + 2), at + 4);
    default:
      return PACKET_UNSUPPORTED_LINK_TYPE;
  }
}

#ifdef PACKET_FILE_LINKS
#include "core/packet/parse/link_files.inc.h"
#endif

/* Finds the IP header of the frame. */
PACKET_INLINE int PACKET_NAME(inline_link)(PACKET_READER* reader, struct packet_walk* walk,
                                           struct packet_event* event) {
  const int reason = PACKET_NAME(known_link)(reader, walk, event);
#ifdef PACKET_FILE_LINKS
  if (reason == PACKET_UNSUPPORTED_LINK_TYPE) {
    struct packet_walk apart = *walk; /* as in open_headers() */
    const int found = PACKET_NAME(file_link)(reader, &apart, event);
    *walk = apart;
    return found;
  }
#endif
  return reason;
}
