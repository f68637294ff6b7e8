/* Network and transport layer: from an IP header to the packet's numbers. Included once per reader, see walk.h.
 */

PACKET_INLINE enum packet_reason PACKET_NAME(ipv4)(PACKET_READER* reader, struct packet_walk* walk,
                                                   struct packet_event* event) {
  const uint32_t at = walk->at;
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 20);
  if (!header) return PACKET_TRUNCATED_L3;
  const uint32_t header_bytes = (header[0] & 15u) * 4;
  if (header[0] >> 4 != 4 || header_bytes < 20) return PACKET_MALFORMED_IP;
  uint32_t length_bytes = packet_load16(header + 2);
  /* A sending host that leaves segmentation to its network card writes 0, or what does not fit. */
  if (length_bytes == 0 || walk->wire_bytes > 65535) length_bytes = walk->wire_bytes;
  if (length_bytes < header_bytes) return PACKET_MALFORMED_IP;
  if (header_bytes > walk->limit - at) return PACKET_TRUNCATED_L3;

  const uint32_t fragment = packet_load16(header + 6);
  packet_note_fragment(event, fragment & 0x1fff, fragment & 0x2000, packet_load16(header + 4), header[9]);
  event->ip_length_bytes = length_bytes;
  event->l3_header_bytes = (uint16_t)header_bytes;
  event->ttl = header[8];
  event->ip_protocol = header[9];
  packet_zero16(event->src_address);
  packet_zero16(event->dst_address);
  packet_copy4(event->src_address, header + 12);
  packet_copy4(event->dst_address, header + 16);
  walk->limit = packet_stop(walk->limit, at, length_bytes);
  return PACKET_ACCEPTED;
}

/* RFC 2675: the payload length in the jumbo option among the options from `at` to `end`; 0 if there is none. */
PACKET_STAGE uint32_t PACKET_NAME(jumbo_bytes)(PACKET_READER* reader, struct packet_walk* walk, uint32_t at,
                                               uint32_t end) {
  if (!walk) return 0;
  for (uint32_t option = 0; option < PACKET_MAX_JUMBO_OPTIONS; ++option) {
    const uint8_t* header = PACKET_FETCH(reader, walk, at, 2);
    if (!header || at + 2 > end) return 0;
    if (header[0] == PACKET_OPTION_JUMBO && header[1] == 4) {
      header = PACKET_FETCH(reader, walk, at + 2, 4);
      return header && at + 6 <= end ? packet_load32(header) : 0;
    }
    at = packet_forget(walk, header[0] == PACKET_OPTION_PAD1 ? at + 1 : at + 2 + header[1]);
  }
  return 0;
}

PACKET_INLINE enum packet_reason PACKET_NAME(ipv6)(PACKET_READER* reader, struct packet_walk* walk,
                                                   struct packet_event* event) {
  const uint32_t at = walk->at;
  const uint32_t captured = walk->limit;
  const uint8_t* header = PACKET_FETCH(reader, walk, at, 40);
  if (!header) return PACKET_TRUNCATED_L3;
  if (header[0] >> 4 != 6) return PACKET_MALFORMED_IP;
  const uint32_t announced = packet_load16(header + 4);
  uint32_t protocol = header[6];
  event->ip_length_bytes = announced && walk->wire_bytes <= 65575 ? announced + 40 : walk->wire_bytes;
  event->ttl = header[7];
  packet_copy16(event->src_address, header + 8);
  packet_copy16(event->dst_address, header + 24);
  walk->limit = packet_stop(captured, at, event->ip_length_bytes);
  packet_note_fragment(event, 0, 0, 0, 0);

  uint32_t here = at + 40;
  for (uint32_t extension = 0; packet_is_extension(protocol); ++extension) {
    if (extension == PACKET_MAX_EXTENSIONS) return PACKET_TOO_MANY_EXTENSIONS;
    header = PACKET_FETCH(reader, walk, here, 8);
    if (!header) return PACKET_TRUNCATED_L3;
    const uint8_t next = header[0];
    const uint32_t header_bytes = protocol == PACKET_PROTOCOL_FRAGMENT ? 8
                                  : protocol == PACKET_PROTOCOL_AH     ? (header[1] + 2u) * 4
                                                                       : (header[1] + 1u) * 8;
    if (header_bytes > walk->limit - here) return PACKET_TRUNCATED_L3;
    if (protocol == PACKET_PROTOCOL_FRAGMENT) {
      const uint32_t fragment = packet_load16(header + 2);
      packet_note_fragment(event, fragment & 0xfff8, fragment & 1, packet_load32(header + 4), next);
    } else if (protocol == PACKET_PROTOCOL_HOP_BY_HOP && announced == 0) {
      const uint32_t jumbo = PACKET_NAME(jumbo_bytes)(reader, walk, here + 2, here + header_bytes);
      if (jumbo) {
        event->ip_length_bytes = jumbo < 0xffffffff - 40 ? jumbo + 40 : 0xffffffff;
        walk->limit = packet_stop(captured, at, event->ip_length_bytes);
      }
    }
    protocol = next;
    here = packet_forget(walk, here + header_bytes);
    if (event->marks & PACKET_LATER_FRAGMENT) break;
  }
  event->l3_header_bytes = (uint16_t)(here - at);
  event->ip_protocol = (uint8_t)protocol;
  return PACKET_ACCEPTED;
}

/* `after_l3` is what the IP header leaves, `header_bytes` the length of the transport header that begins there. */
PACKET_INLINE enum packet_reason PACKET_NAME(transport)(PACKET_READER* reader, struct packet_walk* walk,
                                                        struct packet_event* event, uint32_t at, uint32_t* after_l3,
                                                        uint32_t* header_bytes) {
  const uint8_t* header;
  switch (event->ip_protocol) {
    case PACKET_PROTOCOL_TCP: /* options may be cut */
      header = PACKET_FETCH(reader, walk, at, 20);
      if (!header) return PACKET_TRUNCATED_L4;
      event->src_port = packet_load16(header);
      event->dst_port = packet_load16(header + 2);
      event->tcp_seq = packet_load32(header + 4);
      event->tcp_ack = packet_load32(header + 8);
      *header_bytes = (header[12] >> 4) * 4u;
      event->tcp_flags = header[13];
      event->tcp_window = packet_load16(header + 14);
      return PACKET_ACCEPTED;
    case PACKET_PROTOCOL_UDP:
      header = PACKET_FETCH(reader, walk, at, 8);
      if (!header) return PACKET_TRUNCATED_L4;
      event->src_port = packet_load16(header);
      event->dst_port = packet_load16(header + 2);
      *header_bytes = 8;
      if (walk->udp_by_packet) return PACKET_ACCEPTED;
      *after_l3 = packet_udp_bytes(packet_load16(header + 4), *after_l3);
      walk->limit = packet_stop(walk->limit, at, *after_l3);
      return PACKET_ACCEPTED;
    case PACKET_PROTOCOL_UDP_LITE: /* (RFC 3828): where UDP has a length, this has how much the checksum covers */
      header = PACKET_FETCH(reader, walk, at, 8);
      if (!header) return PACKET_TRUNCATED_L4;
      event->src_port = packet_load16(header);
      event->dst_port = packet_load16(header + 2);
      *header_bytes = 8;
      return PACKET_ACCEPTED;
    case PACKET_PROTOCOL_DCCP: /* RFC 4340 5.1: the shortest generic header; the data offset counts 32-bit words */
      header = PACKET_FETCH(reader, walk, at, 12);
      if (!header) return PACKET_TRUNCATED_L4;
      event->src_port = packet_load16(header);
      event->dst_port = packet_load16(header + 2);
      *header_bytes = header[4] * 4u;
      return PACKET_ACCEPTED;
    case PACKET_PROTOCOL_ICMP: /* type, code and checksum are enough */
    case PACKET_PROTOCOL_ICMP6:
      header = PACKET_FETCH(reader, walk, at, 4);
      if (!header) return PACKET_TRUNCATED_L4;
      event->icmp_type = header[0];
      event->icmp_code = header[1];
      event->marks |= PACKET_HAS_ICMP;
      *header_bytes = 8;
      return PACKET_ACCEPTED;
    case PACKET_PROTOCOL_SCTP:
      header = PACKET_FETCH(reader, walk, at, 12);
      if (!header) return PACKET_TRUNCATED_L4;
      event->src_port = packet_load16(header);
      event->dst_port = packet_load16(header + 2);
      *header_bytes = 12;
      PACKET_NAME(sctp_chunks)(reader, walk, event, packet_load32(header + 4), at + 12);
      return PACKET_ACCEPTED;
    default:
      return PACKET_ACCEPTED;
  }
}

/* Fills the event from the IP header at walk->at on; tags, tunnel, outer addresses and MACs stay as they are.
 * Leaves walk->at at the transport header and walk->limit at the packet's end. */
PACKET_INLINE int PACKET_NAME(inline_network)(PACKET_READER* reader, struct packet_walk* walk,
                                              struct packet_event* event) {
  event->marks &= PACKET_HAS_MAC | PACKET_HAS_TUNNEL_ID;
  event->ip_version = walk->ip_version;
  event->src_port = event->dst_port = 0;
  event->tcp_seq = event->tcp_ack = 0;
  event->tcp_window = 0;
  event->tcp_flags = 0;
  event->icmp_type = event->icmp_code = 0;

  enum packet_reason reason =
      walk->ip_version == 4 ? PACKET_NAME(ipv4)(reader, walk, event) : PACKET_NAME(ipv6)(reader, walk, event);
  if (reason != PACKET_ACCEPTED) return reason;
  const uint32_t transport_at = packet_forget(walk, walk->at + event->l3_header_bytes);
  uint32_t after_l3 =
      event->ip_length_bytes > event->l3_header_bytes ? event->ip_length_bytes - event->l3_header_bytes : 0;
  uint32_t header_bytes = 0;
  if (!(event->marks & PACKET_LATER_FRAGMENT)) {
    reason = PACKET_NAME(transport)(reader, walk, event, transport_at, &after_l3, &header_bytes);
    if (reason != PACKET_ACCEPTED) return reason;
  }

  event->l4_header_bytes = (uint8_t)(header_bytes < 255 ? header_bytes : 255); /* DCCP's data offset reaches further */
  const uint32_t transport_bytes = packet_transport_bytes(event, header_bytes);
  event->payload_length_bytes = after_l3 > transport_bytes ? after_l3 - transport_bytes : 0;
  const uint32_t payload_at = transport_at + transport_bytes;
  event->payload_offset = payload_at <= 0xffff ? (uint16_t)payload_at : 0;
  event->payload_captured_bytes = payload_at <= 0xffff && payload_at < walk->limit ? walk->limit - payload_at : 0;
  walk->at = transport_at;
  walk->wire_bytes = after_l3;
  return PACKET_ACCEPTED;
}

PACKET_STAGE int PACKET_NAME(network)(PACKET_READER* reader, struct packet_walk* walk, struct packet_event* event) {
  PACKET_REQUIRE(walk && event);
  return PACKET_NAME(inline_network)(reader, walk, event);
}
