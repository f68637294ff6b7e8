/* bpf/capture.h - what the capture program and its loader in core/live share: settings, counters, the maps' records.
 * Plain C. */
#pragma once

#include "core/packet/event.h"
#include "core/packet/fragment_key.h"
#include "core/packet/parse/copied.h"
#include "core/packet/parse/parse.h"

#define CAPTURE_MAX_PAYLOAD_BYTES 16384
#define CAPTURE_MAX_BYTES (CAPTURE_MAX_PAYLOAD_BYTES + PACKET_HEADER_BYTES)
#define CAPTURE_FRAGMENTS 16384 /* first fragments that are remembered; the least used leave first */

enum capture_direction { CAPTURE_INGRESS, CAPTURE_EGRESS, CAPTURE_DIRECTIONS };

/* Of one loaded object, which serves all interfaces of its link type. The verifier knows them when it checks the
 * program: what they switch off costs nothing. */
struct capture_settings {
  struct packet_parse_config parse;
  uint32_t link_type;
  uint32_t slots;         /* interfaces that it may serve; with one, none is looked up */
  uint32_t numbered;      /* flows are told apart by slots: event.key_interface is event.interface; else 0 */
  uint32_t event_bytes;   /* 96, 128 or 144 */
  uint32_t payload_bytes; /* wanted of each packet; above 0, and with headers, the event has 144 bytes */
  uint32_t headers;       /* 1: before the payload, those of IP and transport layer (parse/copied.h) */
  uint32_t ring_mask;     /* rings - 1 */
  uint32_t uses_tai;      /* the kernel has bpf_ktime_get_tai_ns (6.1); else CLOCK_BOOTTIME stamps */
  uint64_t ring_seed;     /* of the hash that chooses a ring: who does not know it cannot aim flows at one */
};

/* One per CPU, slot and direction: entry 2 * (CPU * slots + slot) + direction, written by that CPU alone. Whole cache
 * lines; the first has what each packet touches. seen = by_reason[all] + ring_full. */
struct capture_counters {
  uint64_t seen;
  uint64_t by_reason[PACKET_REASON_COUNT]; /* [PACKET_ACCEPTED]: submitted to a ring */
  uint64_t ring_full;
  uint64_t gso_packets; /* of the submitted */
  uint64_t gso_segments;
  uint64_t reserved[6];
};

/* One per ring, in a cache line of its own, which changes only where packets are lost; any CPU writes.
 *
 * A record of a ring is the event (event_bytes), the ring's drops at that time as a uint64_t, and the bytes that are
 * wanted. Without those the drops are left out, and the record is shorter, where no record since the last that had them
 * could tell anything new. */
struct capture_ring_drops {
  uint64_t packets;
  uint64_t told; /* by the newest record that has them */
  uint64_t reserved[6];
};

struct capture_fragment_ring {
  uint64_t arrived_ns; /* CLOCK_MONOTONIC */
  uint32_t ring;
  uint32_t reserved;
};

#ifdef __cplusplus
static_assert(sizeof(struct capture_counters) % 64 == 0, "CPUs share no cache line");
#else
_Static_assert(sizeof(struct capture_counters) % 64 == 0, "CPUs share no cache line");
#endif
