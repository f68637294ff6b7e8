/* core/packet/parse/numbers.h - the numbers that the parser knows frames by, as those who gave them out call them.
 *
 * What a header's bits mean stands where the header is read. */
#pragma once

/* Link types of a capture file's header (https://www.tcpdump.org/linktypes.html). */
#define PACKET_LINK_NULL 0
#define PACKET_LINK_ETHERNET 1
#define PACKET_LINK_PPP 9
#define PACKET_LINK_DLT_RAW 12 /* raw IP, as pcap_datalink() returns it */
#define PACKET_LINK_PPP_HDLC 50
#define PACKET_LINK_RAW 101
#define PACKET_LINK_CISCO_HDLC 104
#define PACKET_LINK_WLAN 105
#define PACKET_LINK_FRAME_RELAY 107
#define PACKET_LINK_LOOP 108
#define PACKET_LINK_LINUX_SLL 113
#define PACKET_LINK_PRISM 119
#define PACKET_LINK_RADIOTAP 127
#define PACKET_LINK_AVS 163
#define PACKET_LINK_JUNIPER 178
#define PACKET_LINK_PPI 192
#define PACKET_LINK_IPNET 226
#define PACKET_LINK_IP4 228
#define PACKET_LINK_IP6 229
#define PACKET_LINK_NFLOG 239
#define PACKET_LINK_PKTAP 258
#define PACKET_LINK_LINUX_SLL2 276

/* EtherTypes (IANA ieee-802-numbers). */
#define PACKET_KIND_IP4 0x0800u
#define PACKET_KIND_IP6 0x86ddu
#define PACKET_KIND_ETHERNET 0x6558u /* a frame; "Trans Ether Bridging" */
#define PACKET_KIND_TAG 0x8100u      /* IEEE 802.1Q, customer */
#define PACKET_KIND_PPP 0x880bu
#define PACKET_KIND_MPLS 0x8847u
#define PACKET_KIND_MPLS_UPSTREAM 0x8848u
#define PACKET_KIND_PPPOE 0x8864u
#define PACKET_KIND_SERVICE_TAG 0x88a8u /* IEEE 802.1Q, service */
#define PACKET_KIND_MACSEC 0x88e5u
#define PACKET_KIND_PBB 0x88e7u
#define PACKET_KIND_FABRIC_PATH 0x8903u
#define PACKET_KIND_CISCO_METADATA 0x8909u
#define PACKET_KIND_VN_TAG 0x8926u
#define PACKET_KIND_E_TAG 0x893fu
#define PACKET_KIND_NSH 0x894fu
#define PACKET_KIND_OLD_SERVICE_TAG 0x9100u /* before 802.1ad */

/* Of GRE alone. */
#define PACKET_KIND_ERSPAN3 0x22ebu
#define PACKET_KIND_WCCP 0x883eu
#define PACKET_KIND_ERSPAN 0x88beu /* types I and II */

/* What stands where an EtherType would, and others that are none. */
#define PACKET_KIND_LLC 1u        /* any length */
#define PACKET_KIND_MIN 0x0600u   /* below: an 802.3 length, not a kind; an LLC header follows */
#define PACKET_KIND_NONE 0x10000u /* nothing that can be opened; PACKET_NO_KIND */
#define PACKET_KIND_IP 0x10001u   /* IP, whose first 4 bits tell the version */

/* PPP (IANA ppp-numbers). */
#define PACKET_PPP_IP4 0x0021u
#define PACKET_PPP_IP6 0x0057u
#define PACKET_PPP_MPLS 0x0281u
#define PACKET_PPP_MPLS_MULTICAST 0x0283u
#define PACKET_PPP_ADDRESS_AND_CONTROL 0xff03u /* RFC 1662 */

/* LLC (IEEE 802.2) with a SNAP header of organisation 0: 6 bytes, then an EtherType. */
#define PACKET_LLC_SNAP 0xaaaa0300u

/* NLPIDs (RFC 2427). */
#define PACKET_NLPID_SNAP 0x80u
#define PACKET_NLPID_IP6 0x8eu
#define PACKET_NLPID_IP4 0xccu
#define PACKET_NLPID_PPP 0xcfu

/* "NSH Next Protocol" (IANA), which VXLAN-GPE and LISP-GPE have too. */
#define PACKET_NEXT_IP4 1
#define PACKET_NEXT_IP6 2
#define PACKET_NEXT_ETHERNET 3
#define PACKET_NEXT_NSH 4
#define PACKET_NEXT_MPLS 5

/* Address families: IPv4's is the same everywhere, IPv6's each system's own. */
#define PACKET_FAMILY_IP4 2
#define PACKET_FAMILY_IP6_LINUX 10
#define PACKET_FAMILY_IP6_BSD 24 /* NetBSD, OpenBSD */
#define PACKET_FAMILY_IP6_SOLARIS 26
#define PACKET_FAMILY_IP6_FREEBSD 28
#define PACKET_FAMILY_IP6_DARWIN 30

/* IP protocols and IPv6 extension headers (IANA protocol-numbers). */
#define PACKET_PROTOCOL_HOP_BY_HOP 0
#define PACKET_PROTOCOL_ICMP 1
#define PACKET_PROTOCOL_IP4 4
#define PACKET_PROTOCOL_TCP 6
#define PACKET_PROTOCOL_UDP 17
#define PACKET_PROTOCOL_DCCP 33
#define PACKET_PROTOCOL_IP6 41
#define PACKET_PROTOCOL_ROUTING 43
#define PACKET_PROTOCOL_FRAGMENT 44
#define PACKET_PROTOCOL_GRE 47
#define PACKET_PROTOCOL_AH 51
#define PACKET_PROTOCOL_ICMP6 58
#define PACKET_PROTOCOL_DESTINATION 60 /* options */
#define PACKET_PROTOCOL_ETHERIP 97
#define PACKET_PROTOCOL_L2TP 115 /* version 3 */
#define PACKET_PROTOCOL_SCTP 132
#define PACKET_PROTOCOL_MOBILITY 135
#define PACKET_PROTOCOL_UDP_LITE 136
#define PACKET_PROTOCOL_HIP 139
#define PACKET_PROTOCOL_SHIM6 140

/* IPv6 options (IANA ipv6-parameters). */
#define PACKET_OPTION_PAD1 0x00u
#define PACKET_OPTION_JUMBO 0xc2u

/* SCTP chunks (RFC 9260). */
#define PACKET_CHUNK_INIT 1
#define PACKET_CHUNK_ABORT 6
#define PACKET_CHUNK_SHUTDOWN_COMPLETE 14

/* UDP ports (IANA). Those of VXLAN, Geneve and GTP-U are what the configuration's lists begin with; no list changes the
 * others. */
#define PACKET_PORT_L2TP 1701
#define PACKET_PORT_GTPU 2152
#define PACKET_PORT_TEREDO 3544
#define PACKET_PORT_LISP_DATA 4341
#define PACKET_PORT_VXLAN 4789
#define PACKET_PORT_VXLAN_GPE 4790
#define PACKET_PORT_CAPWAP_DATA 5247
#define PACKET_PORT_GUE 6080
#define PACKET_PORT_GENEVE 6081
#define PACKET_PORT_MPLS_UDP 6635
#define PACKET_PORT_VXLAN_LINUX 8472 /* Linux's own, from before there was one */
