/* What may stand between the first EtherType and the packet: tags, labels, PPP, and headers with an Ethernet frame
 * behind them. Included once per reader, see walk.h.
 *
 * A header here has an EtherType as its kind, and tells the kind of what stands behind it. */

/* Where an Ethernet frame begins that nothing announces: at `at`, or behind 4 bytes of control word if `has_word`. 0 if
 * neither place has an EtherType that leads on. */
PACKET_INLINE uint32_t PACKET_NAME(find_ethernet)(PACKET_READER* reader, struct packet_walk* walk, uint32_t at,
                                                  uint32_t has_word) {
  const uint8_t* kind;
  if (has_word) {
    kind = PACKET_FETCH(reader, walk, at + 16, 2);
    if (kind && packet_leads_on(packet_load16(kind))) return at + 4;
  }
  kind = PACKET_FETCH(reader, walk, at + 12, 2);
  return kind && packet_leads_on(packet_load16(kind)) ? at : 0;
}

/* RFC 3032: labels up to the bottom of the stack. The first 4 bits behind it tell the IP version; where they do not, an
 * Ethernet pseudowire (RFC 4448) is looked for, whose control word begins with 16 bits of zeros. */
PACKET_INLINE enum packet_reason PACKET_NAME(mpls)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* kind,
                                                   uint32_t* at) {
  for (uint32_t label = 0; label < PACKET_MAX_LABELS; ++label) {
    const uint8_t* header = PACKET_FETCH(reader, walk, *at, 4);
    if (!header) return PACKET_TRUNCATED_L2;
    const uint32_t is_bottom = header[2] & 1;
    *at += 4;
    if (!is_bottom) continue;
    header = PACKET_FETCH(reader, walk, *at, 1);
    if (!header) return PACKET_TRUNCATED_L2;
    *kind = packet_kind_of_version(header[0] >> 4);
    if (*kind != PACKET_KIND_NONE) return PACKET_ACCEPTED;
    header = PACKET_FETCH(reader, walk, *at, 2);
    const uint32_t frame_at = PACKET_NAME(find_ethernet)(reader, walk, *at, header && packet_load16(header) == 0);
    if (!frame_at) return PACKET_NOT_IP;
    *at = frame_at;
    *kind = PACKET_KIND_ETHERNET;
    return PACKET_ACCEPTED;
  }
  return PACKET_TOO_MANY_LABELS;
}

/* PPP from its protocol field on (RFC 1661), which may be compressed to 1 byte. */
PACKET_INLINE enum packet_reason PACKET_NAME(ppp_protocol)(PACKET_READER* reader, struct packet_walk* walk,
                                                           uint32_t* kind, uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 1);
  if (!header) return PACKET_TRUNCATED_L2;
  uint32_t protocol = header[0];
  *at += 1;
  if (!(protocol & 1)) {
    header = PACKET_FETCH(reader, walk, *at, 1);
    if (!header) return PACKET_TRUNCATED_L2;
    protocol = protocol << 8 | header[0];
    *at += 1;
  }
  *kind = protocol == PACKET_PPP_IP4                                             ? PACKET_KIND_IP4
          : protocol == PACKET_PPP_IP6                                           ? PACKET_KIND_IP6
          : protocol == PACKET_PPP_MPLS || protocol == PACKET_PPP_MPLS_MULTICAST ? PACKET_KIND_MPLS
                                                                                 : PACKET_KIND_NONE;
  return *kind == PACKET_KIND_NONE ? PACKET_NOT_IP : PACKET_ACCEPTED;
}

/* RFC 8300: base header, service path, and metadata of the two types that have a meaning. */
PACKET_INLINE enum packet_reason PACKET_NAME(nsh)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* kind,
                                                  uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 8);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t words = header[1] & 0x3f;
  const uint32_t metadata = header[2] & 0xf;
  if (header[0] >> 6 != 0 || !(metadata == 1 ? words == 6 : metadata == 2 && words >= 2)) return PACKET_NOT_IP;
  *kind = packet_kind_of_next_protocol(header[3]);
  *at += words * 4;
  return *kind == PACKET_KIND_NONE ? PACKET_NOT_IP : PACKET_ACCEPTED;
}

/* IEEE 802.1AE: the SecTAG behind the EtherType, with the SCI or without; then, if nothing is encrypted, the EtherType
 * that was protected. */
PACKET_INLINE enum packet_reason PACKET_NAME(macsec)(PACKET_READER* reader, struct packet_walk* walk, uint32_t* kind,
                                                     uint32_t* at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, *at, 1);
  if (!header) return PACKET_TRUNCATED_L2;
  if (header[0] & 0x8c) return PACKET_NOT_IP; /* version, encrypted, changed text */
  *at += header[0] & 0x20 ? 16 : 8;
  header = PACKET_FETCH(reader, walk, *at - 2, 2);
  if (!header) return PACKET_TRUNCATED_L2;
  *kind = packet_load16(header);
  return PACKET_ACCEPTED;
}

/* One header that is no tag, and that is not the last: kind and place of what stands behind it. */
PACKET_INLINE enum packet_reason PACKET_NAME(header)(PACKET_READER* reader, struct packet_walk* walk,
                                                     struct packet_event* event, uint32_t* kind, uint32_t* at) {
  const uint8_t* header;
  switch (*kind) {
    case PACKET_KIND_MPLS:
    case PACKET_KIND_MPLS_UPSTREAM:
      return PACKET_NAME(mpls)(reader, walk, kind, at);
    case PACKET_KIND_PPPOE: /* RFC 2516, session: 6 bytes, then at least the PPP protocol */
      if (!PACKET_FETCH(reader, walk, *at, 8)) return PACKET_TRUNCATED_L2;
      *at += 6;
      return PACKET_NAME(ppp_protocol)(reader, walk, kind, at);
    case PACKET_KIND_PPP: /* RFC 1662: address and control may be left out */
      header = PACKET_FETCH(reader, walk, *at, 2);
      if (header && packet_load16(header) == PACKET_PPP_ADDRESS_AND_CONTROL) *at += 2;
      return PACKET_NAME(ppp_protocol)(reader, walk, kind, at);
    case PACKET_KIND_NSH:
      return PACKET_NAME(nsh)(reader, walk, kind, at);
    case PACKET_KIND_MACSEC:
      return PACKET_NAME(macsec)(reader, walk, kind, at);
    case PACKET_KIND_CISCO_METADATA: { /* version, words of options, the options, EtherType (Cisco TrustSec) */
      header = PACKET_FETCH(reader, walk, *at, 2);
      if (!header) return PACKET_TRUNCATED_L2;
      const uint32_t words = header[1];
      if (header[0] != 1 || words == 0) return PACKET_NOT_IP;
      *at += 4 + words * 4;
      header = PACKET_FETCH(reader, walk, *at - 2, 2);
      if (!header) return PACKET_TRUNCATED_L2;
      *kind = packet_load16(header);
      return PACKET_ACCEPTED;
    }
    case PACKET_KIND_VN_TAG: /* Cisco VN-tag: 4 bytes, EtherType */
      header = PACKET_FETCH(reader, walk, *at, 6);
      if (!header) return PACKET_TRUNCATED_L2;
      *kind = packet_load16(header + 4);
      *at += 6;
      return PACKET_ACCEPTED;
    case PACKET_KIND_E_TAG: /* IEEE 802.1BR: 6 bytes, EtherType */
      header = PACKET_FETCH(reader, walk, *at, 8);
      if (!header) return PACKET_TRUNCATED_L2;
      *kind = packet_load16(header + 6);
      *at += 8;
      return PACKET_ACCEPTED;
    case PACKET_KIND_FABRIC_PATH: /* Cisco FabricPath: FTAG and TTL, then the frame */
      *at += 2;
      *kind = PACKET_KIND_ETHERNET;
      return PACKET_ACCEPTED;
    case PACKET_KIND_PBB: /* IEEE 802.1ah, I-tag: 4 bytes, whose Res2 a receiver wants 0; then the frame */
      header = PACKET_FETCH(reader, walk, *at, 4);
      if (!header) return PACKET_TRUNCATED_L2;
      if (header[0] & 3) return PACKET_NOT_IP;
      *at += 4;
      *kind = PACKET_KIND_ETHERNET;
      return PACKET_ACCEPTED;
    case PACKET_KIND_ETHERNET: /* tags are counted anew behind it; the outermost one gives the addresses */
      header = PACKET_FETCH(reader, walk, *at, 14);
      if (!header) return PACKET_TRUNCATED_L2;
      if (!(event->marks & PACKET_HAS_MAC)) packet_note_mac(event, header);
      walk->tags = 0;
      *kind = packet_load16(header + 12);
      *at += 14;
      return PACKET_ACCEPTED;
    default: /* a length: 802.3 with a SNAP header, behind which tags are counted anew */
      header = PACKET_FETCH(reader, walk, *at, 8);
      if (!header || packet_load32(header) != PACKET_LLC_SNAP || header[4] || header[5]) return PACKET_NOT_IP;
      walk->tags = 0;
      *kind = packet_load16(header + 6);
      *at += 8;
      return PACKET_ACCEPTED;
  }
}

/* A run of tags; outermost and innermost VLAN are kept. */
PACKET_INLINE enum packet_reason PACKET_NAME(tags)(PACKET_READER* reader, struct packet_walk* walk,
                                                   struct packet_event* event, uint32_t* kind, uint32_t* at) {
  for (uint32_t tag = 0; tag < PACKET_MAX_TAGS; ++tag) {
    if (!packet_is_tag(*kind)) return PACKET_ACCEPTED;
    if (walk->tags >= PACKET_MAX_TAGS) return PACKET_TOO_MANY_TAGS;
    const uint8_t* header = PACKET_FETCH(reader, walk, *at, 4);
    if (!header) return PACKET_TRUNCATED_L2;
    packet_note_tag(event, packet_load16(header) & 0xfff);
    walk->tags += 1;
    *kind = packet_load16(header + 2);
    *at = packet_forget(walk, *at + 4);
  }
  return packet_is_tag(*kind) ? PACKET_TOO_MANY_TAGS : PACKET_ACCEPTED;
}

/* From walk->kind at walk->at to the IP header. Leaves in walk->kind the last kind that it saw. */
PACKET_RARE int PACKET_NAME(headers)(PACKET_READER* reader, struct packet_walk* walk, struct packet_event* event) {
  PACKET_REQUIRE(walk && event);
  uint32_t kind = walk->kind;
  uint32_t at = walk->at;
  for (uint32_t headers = 0;; ++headers) {
    enum packet_reason reason = PACKET_NAME(tags)(reader, walk, event, &kind, &at);
    walk->kind = kind;
    if (reason != PACKET_ACCEPTED) return reason;
    if (kind == PACKET_KIND_IP4) return packet_enter(walk, at, 4);
    if (kind == PACKET_KIND_IP6) return packet_enter(walk, at, 6);
    if (kind >= PACKET_KIND_MIN && !packet_leads_on(kind)) return PACKET_NOT_IP;
    if (headers == PACKET_MAX_HEADERS) return PACKET_TOO_MANY_TAGS;
    reason = PACKET_NAME(header)(reader, walk, event, &kind, &at);
    if (reason != PACKET_ACCEPTED) return reason;
    at = packet_forget(walk, at);
    kind = packet_forget(walk, kind);
  }
}

/* The same; in user space with a copy of the walk, whose address else keeps it out of registers on the way that most
 * frames take. */
PACKET_INLINE int PACKET_NAME(open_headers)(PACKET_READER* reader, struct packet_walk* walk,
                                            struct packet_event* event) {
#ifdef __bpf__
  return PACKET_NAME(headers)(reader, walk, event);
#else
  struct packet_walk apart = *walk;
  const int reason = PACKET_NAME(headers)(reader, &apart, event);
  *walk = apart;
  return reason;
#endif
}
