/* core/packet/parse/parse.h - from a captured frame to the record of its packet (docs/semantics.md, section 1).
 *
 * One source for capture files, libpcap and the kernel: user space calls packet_parse(); bpf/ includes
 * the stages (stages.inc.h) with its own way of reading a frame.
 * Pure functions: no state, no allocation, any thread. Every read is checked against the captured bytes.
 *
 * Link types (numbers.h) are numbers as in a capture file's header (LINKTYPE) or as pcap_datalink() returns them
 * (DLT). Those of link_files.inc.h are for user space alone: no interface hands them to the kernel program.
 */
#pragma once

#include "core/packet/event.h"
#include "core/packet/parse/numbers.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Tunnels inside each other that are opened; the packet of the last one stands for the frame. */
#ifndef PACKET_MAX_TUNNEL_LAYERS
#define PACKET_MAX_TUNNEL_LAYERS 4
#endif

#define PACKET_MAX_TAGS 4       /* before a fifth: PACKET_TOO_MANY_TAGS */
#define PACKET_MAX_LABELS 8     /* before a ninth: PACKET_TOO_MANY_LABELS */
#define PACKET_MAX_HEADERS 8    /* other headers before an IP header; before a ninth: PACKET_TOO_MANY_TAGS */
#define PACKET_MAX_EXTENSIONS 8 /* before a ninth: PACKET_TOO_MANY_EXTENSIONS */

/* Four limits of our own, the same in both modes, far beyond what real frames hold; they keep the
 * kernel's verification finite. */
#define PACKET_MAX_HEADER_OFFSET 65000 /* a header that begins later counts as cut off */
#define PACKET_MAX_GTP_EXTENSIONS 8    /* more: the tunnel stays closed */
#define PACKET_MAX_CHUNKS 8            /* of an SCTP packet that are looked at for its association's end */
#define PACKET_MAX_JUMBO_OPTIONS 32    /* hop-by-hop options looked at for a jumbo payload length */

#define PACKET_MAX_TUNNEL_PORTS 8 /* in a list */

/* What the fragments of one datagram have in common beside addresses, IP id and protocol. Numbers as in packets'
 * records; the parser itself does not look at it: whoever joins fragments does (fragment_table.h,
 * bpf/capture_rings.h). */
enum packet_fragment_scope {
  PACKET_FRAGMENTS_OF_VLAN = 0,  /* outermost VLAN and tunnel */
  PACKET_FRAGMENTS_OF_TUNNEL,    /* tunnel */
  PACKET_FRAGMENTS_OF_ADDRESSES, /* nothing more */
};

struct packet_parse_config {
  uint8_t decapsulate_inner;    /* 1: the innermost packet of tunnels; 0: stop at the first IP header */
  uint8_t drop_later_fragments; /* 1: PACKET_FRAGMENT for fragments without a transport header */
  uint8_t udp_by_packet;        /* 1: UDP payload reaches to the IP packet's end, whatever the UDP length says */
  uint8_t l2tpv3_cookie_bytes;  /* 0, 4 or 8 */
  uint8_t fragment_scope;       /* packet_fragment_scope */
  uint8_t reserved[3];
  uint64_t protocols[4]; /* bit set of accepted IP protocols; others: PACKET_PROTOCOL */
  /* UDP ports, 0: no entry. packet_note_ports() must follow every change. */
  uint16_t vxlan_ports[PACKET_MAX_TUNNEL_PORTS];
  uint16_t geneve_ports[PACKET_MAX_TUNNEL_PORTS];
  uint16_t gtpu_ports[PACKET_MAX_TUNNEL_PORTS];
  uint64_t tunnel_ports[16]; /* bit set of the low 10 bits of all ports of tunnels: most others are told apart by it */
};

static inline void packet_note_port(struct packet_parse_config* config, uint16_t port) {
  config->tunnel_ports[port >> 6 & 15] |= 1ull << (port & 63);
}

static inline uint32_t packet_notes_port(const struct packet_parse_config* config, uint16_t port) {
  return config->tunnel_ports[port >> 6 & 15] >> (port & 63) & 1;
}

static inline void packet_note_ports(struct packet_parse_config* config) {
  const uint16_t fixed[] = {PACKET_PORT_L2TP,        PACKET_PORT_TEREDO, PACKET_PORT_LISP_DATA, PACKET_PORT_VXLAN_GPE,
                            PACKET_PORT_CAPWAP_DATA, PACKET_PORT_GUE,    PACKET_PORT_MPLS_UDP};
  for (uint32_t i = 0; i < 16; ++i) config->tunnel_ports[i] = 0;
  for (uint32_t i = 0; i < sizeof fixed / sizeof fixed[0]; ++i) packet_note_port(config, fixed[i]);
  for (uint32_t i = 0; i < PACKET_MAX_TUNNEL_PORTS; ++i) {
    packet_note_port(config, config->vxlan_ports[i]);
    packet_note_port(config, config->geneve_ports[i]);
    packet_note_port(config, config->gtpu_ports[i]);
  }
}

/* Innermost packet, fragments kept, every protocol, the ports of IANA and VXLAN's of Linux. */
static inline struct packet_parse_config packet_parse_defaults(void) {
  struct packet_parse_config config = {
      .decapsulate_inner = 1,
      .fragment_scope = PACKET_FRAGMENTS_OF_VLAN,
      .protocols = {~0ull, ~0ull, ~0ull, ~0ull},
      .vxlan_ports = {PACKET_PORT_VXLAN, PACKET_PORT_VXLAN_LINUX},
      .geneve_ports = {PACKET_PORT_GENEVE},
      .gtpu_ports = {PACKET_PORT_GTPU},
  };
  packet_note_ports(&config);
  return config;
}

static inline void packet_accept_no_protocol(struct packet_parse_config* config) {
  config->protocols[0] = config->protocols[1] = config->protocols[2] = config->protocols[3] = 0;
}

static inline void packet_accept_protocol(struct packet_parse_config* config, uint8_t protocol) {
  config->protocols[protocol >> 6] |= 1ull << (protocol & 63);
}

/* What a frame without IP is, where no EtherType says so. */
enum packet_no_kind {
  PACKET_NO_KIND = 0x10000, /* above all EtherTypes */
  PACKET_WLAN_MANAGEMENT = 0x20000,
  PACKET_WLAN_CONTROL,
  PACKET_WLAN_PROTECTED,
  PACKET_WLAN_OTHER /* without data, a later fragment, several packets in one */
};

#ifndef __bpf__
/* Parses one frame: `captured_bytes` at `frame`, of `wire_bytes` on the wire.
 *
 * PACKET_ACCEPTED: every field of *event is set except timestamp_ns, interface, key_interface and
 * partition, which are the caller's and kept; what does not apply is 0. payload_offset and
 * payload_captured_bytes bound the transport payload's bytes within the frame, never padding.
 * Any other reason: *event is unspecified apart from the caller's fields; of PACKET_NOT_IP tunnel_id is the last
 * EtherType (below 0x600: an 802.3 length) or a packet_no_kind. */
enum packet_reason packet_parse(const struct packet_parse_config* config, const uint8_t* frame, uint32_t captured_bytes,
                                uint32_t wire_bytes, uint32_t link_type, struct packet_event* event);

/* 1 if packet_parse() knows the link type: what a source asks once per file, to name it in a message. */
int packet_link_type_supported(uint32_t link_type);
#endif

#ifdef __cplusplus
}
#endif
