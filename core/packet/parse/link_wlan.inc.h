/* IEEE 802.11 frames, and what monitors write before them. For capture files and libpcap alone: no interface hands such
 * frames to the kernel program. Included once per reader, see walk.h. */

#define PACKET_MAX_PRESENT_WORDS 32 /* of a radiotap header; more: none of ours */

/* IEEE 802.11-2020 9.2.4 and 9.3.2: a data frame in clear leads to LLC and SNAP. What has no data, is protected, is a
 * fragment but the first, or holds several (A-MSDU) does not. `is_padded`: the header is filled up to 4 bytes. */
PACKET_INLINE enum packet_reason PACKET_NAME(wlan)(PACKET_READER* reader, struct packet_walk* walk,
                                                   struct packet_event* event, uint32_t at, uint32_t is_padded) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 2);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t control = header[0]; /* version 2 bits, type 2, subtype 4 */
  const uint32_t flags = header[1];
  walk->kind = (control & 0x0c) == 0x00                   ? PACKET_WLAN_MANAGEMENT
               : (control & 0x0c) == 0x04                 ? PACKET_WLAN_CONTROL
               : (control & 0x4c) == 0x08 && flags & 0x40 ? PACKET_WLAN_PROTECTED
                                                          : PACKET_WLAN_OTHER;
  if ((control & 0x4f) != 0x08 || flags & 0x40) return PACKET_NOT_IP;
  header = PACKET_FETCH(reader, walk, at, 24);
  if (!header) return PACKET_TRUNCATED_L2;
  if (header[22] & 0x0f) return PACKET_NOT_IP; /* the fragment's number */

  /* Table 9-30: who sent and who receives, by the bits to and from the distribution system. */
  const uint32_t to_ds = flags & 1;
  const uint32_t from_ds = flags & 2;
  uint32_t header_bytes = to_ds && from_ds ? 30 : 24;
  if (to_ds && from_ds) header = PACKET_FETCH(reader, walk, at, 30);
  if (!header) return PACKET_TRUNCATED_L2;
  packet_copy6(event->dst_mac, header + (to_ds ? 16 : 4));
  packet_copy6(event->src_mac, header + (from_ds ? (to_ds ? 24 : 16) : 10));
  event->marks |= PACKET_HAS_MAC;

  if (control & 0x80) { /* QoS; then perhaps HT control */
    header = PACKET_FETCH(reader, walk, at + header_bytes, 2);
    if (!header) return PACKET_TRUNCATED_L2;
    if (header[0] & 0x80) return PACKET_NOT_IP;
    header_bytes += flags & 0x80 ? 6 : 2;
  }
  if (is_padded) header_bytes = (header_bytes + 3) & ~3u;
  return PACKET_NAME(ethertype)(reader, walk, event, PACKET_KIND_LLC, at + header_bytes);
}

/* https://www.radiotap.org: of the fields only Flags is looked at, the second, behind the 8 bytes of TSFT. */
PACKET_INLINE enum packet_reason PACKET_NAME(radiotap)(PACKET_READER* reader, struct packet_walk* walk,
                                                       struct packet_event* event, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 8);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t length = packet_little16(header + 2);
  const uint32_t present = packet_little32(header + 4);
  if (header[0] != 0 || length < 8) return PACKET_NOT_IP;
  uint32_t field = 8;
  uint32_t word = present;
  for (uint32_t words = 1; word >> 31; ++words) {
    if (words == PACKET_MAX_PRESENT_WORDS || field + 4 > length) return PACKET_NOT_IP;
    header = PACKET_FETCH(reader, walk, at + field, 4);
    if (!header) return PACKET_TRUNCATED_L2;
    word = packet_little32(header);
    field += 4;
  }
  uint32_t is_padded = 0;
  if (present & 2) {
    if (present & 1) field = ((field + 7) & ~7u) + 8;
    if (field >= length) return PACKET_NOT_IP;
    header = PACKET_FETCH(reader, walk, at + field, 1);
    if (!header) return PACKET_TRUNCATED_L2;
    is_padded = header[0] & 0x20;
  }
  return PACKET_NAME(wlan)(reader, walk, event, at + length, is_padded);
}

/* AVS: magic number with the version, and the header's length, in network order. */
PACKET_INLINE enum packet_reason PACKET_NAME(avs)(PACKET_READER* reader, struct packet_walk* walk,
                                                  struct packet_event* event, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 8);
  if (!header) return PACKET_TRUNCATED_L2;
  const uint32_t magic = packet_load32(header);
  const uint32_t length = packet_load32(header + 4);
  if ((magic != 0x80211001 && magic != 0x80211002) || length < 8) return PACKET_NOT_IP;
  if (length > PACKET_MAX_HEADER_OFFSET) return PACKET_TRUNCATED_L2;
  return PACKET_NAME(wlan)(reader, walk, event, at + length, 0);
}

/* Prism: message code and length, in the order of the host that captured; some drivers write AVS under this type. */
PACKET_INLINE enum packet_reason PACKET_NAME(prism)(PACKET_READER* reader, struct packet_walk* walk,
                                                    struct packet_event* event, uint32_t at) {
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 8);
  if (!header) return PACKET_TRUNCATED_L2;
  if (packet_load32(header) >> 4 == 0x8021100) return PACKET_NAME(avs)(reader, walk, event, at);
  const uint32_t is_little = packet_little32(header) == 0x41 || packet_little32(header) == 0x44;
  if (!is_little && packet_load32(header) != 0x41 && packet_load32(header) != 0x44) return PACKET_NOT_IP;
  const uint32_t length = is_little ? packet_little32(header + 4) : packet_load32(header + 4);
  if (length < 24) return PACKET_NOT_IP; /* code, length, 16 bytes of the device's name */
  if (length > PACKET_MAX_HEADER_OFFSET) return PACKET_TRUNCATED_L2;
  return PACKET_NAME(wlan)(reader, walk, event, at + length, 0);
}
