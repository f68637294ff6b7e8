/* The whole way through a frame. Included once per reader, after the stages; see walk.h. */

/* Replaces the event by the packet inside, layer by layer, as long as there is one that can be read.
 * A fragment's content is incomplete and not opened. Over UDP, where only a port speaks for the tunnel, what is inside
 * must fit into it: anything else may come to that port, too. `inner` is work space. */
PACKET_INLINE void PACKET_NAME(decapsulate)(PACKET_READER* reader, const struct packet_parse_config* config,
                                            struct packet_walk* walk, struct packet_event* event,
                                            struct packet_event* inner) {
  for (uint32_t layer = 0; layer < PACKET_MAX_TUNNEL_LAYERS; ++layer) {
    const uint32_t carrier = packet_carrier(config, event);
    if (carrier == PACKET_TUNNEL_NONE) return;
    if (event->marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) return;
    const int inside =
        PACKET_NAME(open_tunnel)(reader, walk, event, packet_forget(walk, carrier), config->l2tpv3_cookie_bytes);
    if (inside == PACKET_INSIDE_NOTHING) return;
    *inner = *event;
    packet_note_outer(walk, inner);
    if (inside == PACKET_INSIDE_HEADERS) {
      walk->tags = 0;
      if (PACKET_NAME(open_headers)(reader, walk, inner) != PACKET_ACCEPTED) return;
    }
    const uint32_t room_bytes = walk->wire_bytes;
    if (PACKET_NAME(network)(reader, walk, inner) != PACKET_ACCEPTED) return;
    if (event->ip_protocol == PACKET_PROTOCOL_UDP && inner->ip_length_bytes > room_bytes) return;
    *event = *inner;
  }
}

/* The event must be cleared and the walk begun; a tag in the socket buffer's metadata noted in both. */
PACKET_INLINE enum packet_reason PACKET_NAME(frame)(PACKET_READER* reader, const struct packet_parse_config* config,
                                                    struct packet_walk* walk, struct packet_event* event,
                                                    struct packet_event* inner) {
  walk->udp_by_packet = config->udp_by_packet;
  int reason = PACKET_NAME(inline_link)(reader, walk, event);
  if (reason != PACKET_ACCEPTED) return (enum packet_reason)reason;
  reason = PACKET_NAME(inline_network)(reader, walk, event);
  if (reason != PACKET_ACCEPTED) return (enum packet_reason)reason;
  if (config->decapsulate_inner) PACKET_NAME(decapsulate)(reader, config, walk, event, inner);
  return packet_judge(config, event);
}
