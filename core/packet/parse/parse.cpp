// The parser for user space: the frame is a plain buffer, every stage that most frames pass is inlined.
#include "core/packet/parse/parse.h"

#include "core/packet/parse/rules.h"

#define PACKET_READER const uint8_t
#define PACKET_NAME(name) packet_##name
#define PACKET_STAGE PACKET_INLINE
#define PACKET_RARE static __attribute__((noinline))
#define PACKET_FILE_LINKS
#define PACKET_FETCH(frame, walk, offset, bytes) packet_fetch(frame, walk, offset, bytes)

extern "C" {

PACKET_INLINE const uint8_t* packet_fetch(const uint8_t* frame, const packet_walk* walk, uint32_t offset,
                                          uint32_t bytes) {
  return offset <= PACKET_MAX_HEADER_OFFSET && offset + bytes <= walk->limit ? frame + offset : nullptr;
}

#include "core/packet/parse/stages.inc.h"

packet_reason packet_parse(const packet_parse_config* config, const uint8_t* frame, uint32_t captured_bytes,
                           uint32_t wire_bytes, uint32_t link_type, packet_event* event) {
  packet_walk walk{};
  packet_event inner;
  packet_begin(&walk, captured_bytes, wire_bytes, link_type);
  packet_clear(event);
  const packet_reason reason = packet_frame(frame, config, &walk, event, &inner);
  if (reason == PACKET_NOT_IP) event->tunnel_id = walk.kind;
  return reason;
}

int packet_link_type_supported(uint32_t link_type) {
  switch (link_type) {
    case PACKET_LINK_NULL:
    case PACKET_LINK_ETHERNET:
    case PACKET_LINK_PPP:
    case PACKET_LINK_DLT_RAW:
    case PACKET_LINK_PPP_HDLC:
    case PACKET_LINK_RAW:
    case PACKET_LINK_CISCO_HDLC:
    case PACKET_LINK_WLAN:
    case PACKET_LINK_FRAME_RELAY:
    case PACKET_LINK_LOOP:
    case PACKET_LINK_LINUX_SLL:
    case PACKET_LINK_PRISM:
    case PACKET_LINK_RADIOTAP:
    case PACKET_LINK_AVS:
    case PACKET_LINK_JUNIPER:
    case PACKET_LINK_PPI:
    case PACKET_LINK_IPNET:
    case PACKET_LINK_IP4:
    case PACKET_LINK_IP6:
    case PACKET_LINK_NFLOG:
    case PACKET_LINK_PKTAP:
    case PACKET_LINK_LINUX_SLL2:
      return 1;
    default:
      return 0;
  }
}
}
