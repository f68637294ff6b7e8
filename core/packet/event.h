/* core/packet/event.h - the normalised record of one captured frame, the same offline and live.
 *
 * Plain C, shared with bpf/: the kernel program fills it in and submits the first 96, 128 or 144
 * bytes; the capture file reader fills in all of it. Definitions: docs/semantics.md, section 1.
 */
#pragma once

#ifdef __bpf__
#include <linux/types.h>
typedef __u8 uint8_t;
typedef __u16 uint16_t;
typedef __u32 uint32_t;
typedef __u64 uint64_t;
typedef __s64 int64_t;
#else
#include <stdint.h>
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* Why a frame is no packet of a flow; the ledger's names, in the order of the tests. */
enum packet_reason {
  PACKET_ACCEPTED = 0,
  PACKET_FILTERED,
  PACKET_BAD_TIMESTAMP,
  PACKET_UNSUPPORTED_LINK_TYPE,
  PACKET_TRUNCATED_L2,
  PACKET_TOO_MANY_TAGS,
  PACKET_TOO_MANY_LABELS,
  PACKET_NOT_IP,
  PACKET_TRUNCATED_L3,
  PACKET_MALFORMED_IP,
  PACKET_TOO_MANY_EXTENSIONS,
  PACKET_TRUNCATED_L4,
  PACKET_FRAGMENT,
  PACKET_PROTOCOL,
  PACKET_REASON_COUNT
};

/* Of nested tunnels the innermost. Numbers are fg_tags.tunnel_type of the plugin ABI. */
enum packet_tunnel {
  PACKET_TUNNEL_NONE = 0,
  PACKET_TUNNEL_VXLAN,
  PACKET_TUNNEL_GENEVE,
  PACKET_TUNNEL_GRE,
  PACKET_TUNNEL_GTPU,
  PACKET_TUNNEL_TEREDO,
  PACKET_TUNNEL_IPIP,
  PACKET_TUNNEL_6IN4,
  PACKET_TUNNEL_4IN6,
  PACKET_TUNNEL_IP6IN6,
  PACKET_TUNNEL_ERSPAN,
  PACKET_TUNNEL_PPTP,
  PACKET_TUNNEL_WCCP,
  PACKET_TUNNEL_L2TP, /* version 2 */
  PACKET_TUNNEL_L2TPV3,
  PACKET_TUNNEL_ETHERIP,
  PACKET_TUNNEL_MPLS_UDP,
  PACKET_TUNNEL_VXLAN_GPE,
  PACKET_TUNNEL_GUE,
  PACKET_TUNNEL_LISP,
  PACKET_TUNNEL_CAPWAP,
  PACKET_TUNNEL_COUNT
};

enum packet_marks {
  PACKET_FIRST_FRAGMENT = 1, /* offset 0, more to come: carries the transport header */
  PACKET_LATER_FRAGMENT = 2, /* ports 0 until it is joined to its first fragment */
  PACKET_HAS_ICMP = 4,
  PACKET_HAS_TUNNEL_ID = 8,
  PACKET_HAS_MAC = 16,
  PACKET_EGRESS = 32, /* live only */
  /* Of an SCTP packet, what its chunks say of the association. */
  PACKET_SCTP = 192,         /* these bits */
  PACKET_SCTP_INIT = 64,     /* begins one */
  PACKET_SCTP_ABORT = 128,   /* these two end one */
  PACKET_SCTP_COMPLETE = 192 /* SHUTDOWN COMPLETE */
};

/* Numbers in host order; addresses in network order, IPv4 in the first 4 bytes and the rest 0. */
struct packet_event {
  int64_t timestamp_ns; /* since the epoch */
  uint8_t src_address[16];
  uint8_t dst_address[16];
  uint16_t src_port; /* 0 where the protocol has none */
  uint16_t dst_port;
  uint32_t ip_length_bytes;
  uint32_t payload_length_bytes;
  uint32_t tcp_seq;
  uint32_t tcp_ack;
  uint16_t tcp_window;
  uint8_t tcp_flags;
  uint8_t ip_protocol; /* after extension headers */
  /* ---- 64 bytes: one cache line */
  uint16_t l3_header_bytes; /* IPv6 with its extension headers */
  uint8_t l4_header_bytes;
  uint8_t ttl;
  uint8_t ip_version;
  uint8_t icmp_type;
  uint8_t icmp_code;
  uint8_t marks;             /* packet_marks */
  uint16_t outer_vlan_id;    /* outermost, valid if vlan_count > 0 */
  uint16_t inner_vlan_id;    /* innermost, valid if vlan_count > 1 */
  uint8_t vlan_count;        /* of all layers; tags with id 0 are not among them */
  uint8_t tunnel_type;       /* packet_tunnel */
  uint8_t fragment_protocol; /* IPv4 protocol, or the IPv6 fragment header's next header */
  uint8_t partition;         /* of the flow key; user space sets it */
  uint32_t tunnel_id;        /* VNI, key, session, ...; valid with PACKET_HAS_TUNNEL_ID */
  union {
    uint32_t fragment_id; /* valid with a fragment mark */
    uint32_t sctp_tag;    /* of SCTP without one: an INIT's initiate tag, of other packets the verification tag */
  };
  uint16_t interface;       /* where it was seen: its number among the run's interface names; 0: not known */
  uint16_t key_interface;   /* the same where interfaces keep flows apart (live, not merged); else 0 */
  uint8_t outer_ip_version; /* of the outer addresses; 0 without a tunnel */
  uint8_t reserved;         /* 0 */
  uint16_t payload_offset;  /* of the captured payload from the frame's first byte */
  /* ---- 96 bytes: what every profile needs */
  uint8_t outer_src_address[16]; /* of the IP header around the flow's packet; 0 without a tunnel */
  uint8_t outer_dst_address[16];
  /* ---- 128 bytes */
  uint8_t src_mac[6]; /* of the outermost Ethernet header, valid with PACKET_HAS_MAC */
  uint8_t dst_mac[6];
  uint32_t
      payload_captured_bytes; /* user space: how many bytes stand in the block, headers (parse/copied.h) and payload */
};

#define PACKET_EVENT_CORE_BYTES 96
#define PACKET_EVENT_OUTER_BYTES 128
#ifdef __cplusplus
static_assert(sizeof(struct packet_event) == 144, "the layout is shared with the kernel program");
#else
_Static_assert(sizeof(struct packet_event) == 144, "the layout is shared with the kernel program");
#endif

#ifdef __cplusplus
}
#endif
