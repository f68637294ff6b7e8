/* SCTP (RFC 9260): what a packet's chunks say of its association. Included once per reader, see walk.h. */

/* Of the first chunks, as far as they are captured: an INIT, which stands alone, with its initiate tag; an ABORT or
 * SHUTDOWN COMPLETE, which may stand behind others. The tag is kept where a fragment's number would be. */
PACKET_INLINE void PACKET_NAME(sctp_chunks)(PACKET_READER* reader, struct packet_walk* walk, struct packet_event* event,
                                            uint32_t verification_tag, uint32_t at) {
  const uint32_t is_fragment = event->marks & PACKET_FIRST_FRAGMENT;
  if (!is_fragment) event->sctp_tag = verification_tag;
  for (uint32_t chunk = 0; chunk < PACKET_MAX_CHUNKS; ++chunk) {
    const uint8_t* header = PACKET_FETCH(reader, walk, at, 4);
    if (!header) return;
    const uint32_t type = header[0];
    const uint32_t chunk_bytes = packet_load16(header + 2);
    if (type == PACKET_CHUNK_INIT) {
      header = PACKET_FETCH(reader, walk, at + 4, 4);
      if (!header || chunk != 0 || is_fragment) return;
      event->sctp_tag = packet_load32(header);
      event->marks |= PACKET_SCTP_INIT;
      return;
    }
    if (type == PACKET_CHUNK_ABORT || type == PACKET_CHUNK_SHUTDOWN_COMPLETE) {
      event->marks |= type == PACKET_CHUNK_ABORT ? PACKET_SCTP_ABORT : PACKET_SCTP_COMPLETE;
      return;
    }
    if (chunk_bytes < 4) return;
    at = packet_forget(walk, at + ((chunk_bytes + 3) & ~3u));
  }
}
