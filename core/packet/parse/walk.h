/* core/packet/parse/walk.h - where the parser stands in a frame, and how it reads numbers.
 *
 * The parser is written once, as stages in the .inc.h files here, and compiled once per way of reading a frame
 * (a plain buffer in user space; direct access and bpf_skb_load_bytes in the kernel). Whoever includes them defines
 *
 *   PACKET_READER      type that frames are read from, handed to every stage
 *   PACKET_NAME(x)     name of function x for this reader
 *   PACKET_STAGE       storage of a stage: inlined in user space; in the kernel a global function, which the
 *                      verifier checks once, on its own, so that its work adds up instead of multiplying
 *   PACKET_RARE        storage of a stage that few frames need: never inlined
 *   PACKET_FETCH(reader, walk, offset, bytes)
 *                      `bytes` (a constant, at most 40) of the frame at `offset`, or NULL where they reach beyond
 *                      walk->limit or begin beyond PACKET_MAX_HEADER_OFFSET; valid until the next fetch
 *
 * The stages' entry points, in the order in which a frame meets them. PACKET_NAME(frame) is packet_frame in user space,
 * xdp_frame, skb_frame and skb_copy_frame in the kernel; so are the others. Each begins at walk->at and returns a
 * packet_reason where nothing else is said. `reader` stands for PACKET_READER* reader, `walk` and so on likewise.
 *
 *   frame.inc.h
 *     frame(reader, config, walk, event, inner)          all of it: what packet_parse() and bpf/ call
 *     decapsulate(reader, config, walk, event, inner)    replaces the event by the packet inside, layer by layer
 *   link.inc.h
 *     inline_link(reader, walk, event)                   from the frame's first byte to its IP header
 *     known_link(reader, walk, event)                    the link types that interfaces have
 *     ethertype(reader, walk, event, kind, at)           from an EtherType on
 *   link_files.inc.h, link_wlan.inc.h        (where PACKET_FILE_LINKS is defined)
 *     file_link(reader, walk, event)                     the link types that capture files alone have
 *     wlan(reader, walk, event, at, is_padded)           IEEE 802.11, from its first byte on
 *   headers.inc.h
 *     open_headers(reader, walk, event)                  labels, PPP, NSH, ...: from walk->kind to the IP header
 *     tags(reader, walk, event, &kind, &at)              a run of VLAN tags
 *   network.inc.h
 *     inline_network(reader, walk, event), network(...)  from an IP header to the packet's numbers: inlined, and called
 *     transport(reader, walk, event, at, &after_l3, &header_bytes)
 *   sctp.inc.h
 *     sctp_chunks(reader, walk, event, tag, at)          what a packet's chunks say of its association; returns nothing
 *   tunnel.inc.h
 *     open_tunnel(reader, walk, outer, carrier, cookie_bytes)   what the packet carries: a packet_inside
 *   udp_tunnel.inc.h
 *     udp_tunnel(reader, walk)                           the same of tunnels over UDP: the kind of what is inside
 *
 * On the way that most frames take the walk stays in registers in user space: no function that is called, not inlined,
 * may get its address. open_headers(), open_tunnel() and inline_link() hand such functions a copy, `apart`.
 */
#pragma once

#include "core/packet/parse/parse.h"

#ifndef __bpf__
#include <string.h>
#endif

#define PACKET_INLINE static inline __attribute__((always_inline))
#define PACKET_LOADED_BYTES 40 /* the longest header part that is fetched at once: an IPv6 header */

/* What one stage leaves to the next. In the kernel it lies in a map: the verifier does not track what is
 * in there, so each stage is checked for every position at once. */
struct packet_walk {
  uint32_t limit;      /* no header reaches beyond: captured bytes, then the end of each IP packet entered */
  uint32_t wire_bytes; /* on the wire from `at` on, as the headers around it tell */
  uint32_t at;         /* where the next header begins */
  uint32_t link_type;
  uint32_t kind; /* the last EtherType, or a packet_no_kind: of the header at `at`, and of a frame that is not_ip */
  uint32_t tunnel_id;
  uint32_t carrier;   /* of tunnels over UDP, see udp_tunnel.inc.h */
  uint32_t inside_at; /* the same */
  uint8_t ip_version; /* announced for the header at `at` */
  uint8_t tunnel_type;
  uint8_t has_tunnel_id;
  uint8_t udp_by_packet; /* of the configuration */
  uint8_t tags; /* in the current run of tags; begins at 1 where the outermost tag is in the socket buffer's metadata */
#ifdef __bpf__
  uint32_t forgotten;                  /* see packet_forget */
  uint32_t beyond_linear;              /* direct access met a header outside the linear part */
  uint8_t loaded[PACKET_LOADED_BYTES]; /* bytes fetched by load_bytes */
#endif
};

#ifdef __bpf__

#define PACKET_REQUIRE(condition) \
  if (!(condition)) return PACKET_MALFORMED_IP /* never: the verifier wants pointer arguments tested */

typedef uint16_t __attribute__((may_alias)) packet_u16;
typedef uint32_t __attribute__((may_alias)) packet_u32;
typedef uint64_t __attribute__((may_alias)) packet_u64;

PACKET_INLINE uint16_t packet_raw16(const uint8_t* from) { return *(const packet_u16*)from; }
PACKET_INLINE uint32_t packet_raw32(const uint8_t* from) { return *(const packet_u32*)from; }
PACKET_INLINE void packet_copy4(uint8_t* to, const uint8_t* from) { *(packet_u32*)to = *(const packet_u32*)from; }
PACKET_INLINE void packet_copy6(uint8_t* to, const uint8_t* from) {
  *(packet_u16*)to = *(const packet_u16*)from;
  *(packet_u16*)(to + 2) = *(const packet_u16*)(from + 2);
  *(packet_u16*)(to + 4) = *(const packet_u16*)(from + 4);
}
PACKET_INLINE void packet_copy16(uint8_t* to, const uint8_t* from) {
  *(packet_u64*)to = *(const packet_u64*)from;
  *(packet_u64*)(to + 8) = *(const packet_u64*)(from + 8);
}
PACKET_INLINE void packet_zero6(uint8_t* to) { *(packet_u16*)to = *(packet_u16*)(to + 2) = *(packet_u16*)(to + 4) = 0; }
PACKET_INLINE void packet_zero16(uint8_t* to) { *(packet_u64*)to = *(packet_u64*)(to + 8) = 0; }

/* Hides from the verifier what it knows of a number, so that the rounds of a loop look alike to it. */
PACKET_INLINE uint32_t packet_forget(struct packet_walk* walk, uint32_t number) {
  *(volatile uint32_t*)&walk->forgotten = number;
  return *(volatile uint32_t*)&walk->forgotten;
}

#else

#define PACKET_REQUIRE(condition) (void)0

PACKET_INLINE uint16_t packet_raw16(const uint8_t* from) {
  uint16_t number;
  memcpy(&number, from, sizeof number);
  return number;
}
PACKET_INLINE uint32_t packet_raw32(const uint8_t* from) {
  uint32_t number;
  memcpy(&number, from, sizeof number);
  return number;
}
PACKET_INLINE void packet_copy4(uint8_t* to, const uint8_t* from) { memcpy(to, from, 4); }
PACKET_INLINE void packet_copy6(uint8_t* to, const uint8_t* from) { memcpy(to, from, 6); }
PACKET_INLINE void packet_copy16(uint8_t* to, const uint8_t* from) { memcpy(to, from, 16); }
PACKET_INLINE void packet_zero6(uint8_t* to) { memset(to, 0, 6); }
PACKET_INLINE void packet_zero16(uint8_t* to) { memset(to, 0, 16); }
PACKET_INLINE uint32_t packet_forget(struct packet_walk* walk, uint32_t number) {
  (void)walk;
  return number;
}

#endif

PACKET_INLINE uint32_t packet_little16(const uint8_t* from) { return from[0] | (uint32_t)from[1] << 8; }
PACKET_INLINE uint32_t packet_little32(const uint8_t* from) {
  return packet_little16(from) | packet_little16(from + 2) << 16;
}

#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
PACKET_INLINE uint16_t packet_load16(const uint8_t* from) { return __builtin_bswap16(packet_raw16(from)); }
PACKET_INLINE uint32_t packet_load32(const uint8_t* from) { return __builtin_bswap32(packet_raw32(from)); }
#else
PACKET_INLINE uint16_t packet_load16(const uint8_t* from) { return packet_raw16(from); }
PACKET_INLINE uint32_t packet_load32(const uint8_t* from) { return packet_raw32(from); }
#endif
