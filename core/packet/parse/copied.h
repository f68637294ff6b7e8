/* core/packet/parse/copied.h - which bytes of an accepted packet go with its event: headers, payload. The same offline
 * and in the kernel. They lie in the frame one behind the other, so that one copy takes both. */
#pragma once

#include "core/packet/parse/rules.h"

#define PACKET_HEADER_BYTES 2048 /* FG_HEADER_BYTES of the plugin ABI: longer headers are not copied */

/* From the IP header's first byte to the transport header's last; 0 where they are not copied. */
PACKET_INLINE uint32_t packet_header_bytes(const struct packet_event* event) {
  if (event->ip_protocol == PACKET_PROTOCOL_DCCP && event->l4_header_bytes == 255) return 0; /* nobody knows how long */
  const uint32_t bytes = event->l3_header_bytes + packet_transport_bytes(event, event->l4_header_bytes);
  return bytes <= PACKET_HEADER_BYTES && bytes <= event->payload_offset ? bytes : 0;
}

/* How many bytes of the frame go with the event, from *begin on. A header is cut where the frame or its packet ends. */
PACKET_INLINE uint32_t packet_copied_bytes(const struct packet_event* event, uint32_t frame_bytes,
                                           uint32_t payload_wanted, uint32_t headers_wanted, uint32_t* begin) {
  const uint32_t captured = event->payload_captured_bytes;
  const uint32_t payload_bytes = captured < payload_wanted ? captured : payload_wanted;
  *begin = event->payload_offset;
  if (!headers_wanted) return payload_bytes;
  const uint32_t header_bytes = packet_header_bytes(event);
  *begin -= header_bytes;
  if (captured != 0 || header_bytes == 0) return header_bytes + payload_bytes;
  uint32_t room_bytes = frame_bytes > *begin ? frame_bytes - *begin : 0;
  if (event->ip_length_bytes < room_bytes) room_bytes = event->ip_length_bytes;
  return header_bytes < room_bytes ? header_bytes : room_bytes;
}
