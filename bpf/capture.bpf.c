/* Captures the packets of interfaces: parses each frame, and submits its event to a ring that user space reads.
 *
 * Two programs, one per direction, for the two tc hooks. They look and let pass: TC_ACT_UNSPEC leaves the packet to
 * whoever comes next. One loaded object for all interfaces of a link type, which has a slot for each: so the kernel
 * verifies it once. Rings, their drop counters and the memory of fragments are shared by all objects (the loader sets
 * their sizes).
 *
 * Nobody is woken (BPF_RB_NO_WAKEUP): the reader naps. A wake-up for each packet costs more than all the rest. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

#include "bpf/capture.h"
#include "bpf/parse_readers.h"

char LICENSE[] SEC("license") = "GPL";

const volatile struct capture_settings settings = {};

struct work_space {
  struct packet_walk walk;
  struct packet_event inner;
  struct packet_event event; /* submitted from here, with what lies behind it */
  uint64_t ring_drops;
  uint8_t bytes[CAPTURE_MAX_BYTES];
};

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, uint32_t);
  __type(value, struct work_space);
} work_spaces SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(map_flags, BPF_F_MMAPABLE);
  __uint(max_entries, CAPTURE_DIRECTIONS); /* the loader: times the CPUs and the slots */
  __type(key, uint32_t);
  __type(value, struct capture_counters);
} counters SEC(".maps");

/* Of an interface, by its index: its slot. */
struct {
  __uint(type, BPF_MAP_TYPE_HASH);
  __uint(max_entries, 1); /* the loader: two for each slot, since an interface that is gone leaves late */
  __type(key, uint32_t);
  __type(value, uint32_t);
} interfaces SEC(".maps");

struct ring {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 65536);
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, 1);
  __type(key, uint32_t);
  __array(values, struct ring);
} rings SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, uint32_t);
  __type(value, struct capture_ring_drops);
} ring_drops SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_LRU_HASH);
  __uint(max_entries, CAPTURE_FRAGMENTS);
  __type(key, struct packet_fragment_key);
  __type(value, struct capture_fragment_ring);
} fragments SEC(".maps");

#include "bpf/capture_rings.h"

/* The barrier keeps the compiler from taking the zeros in this file for the settings. */
static __always_inline const struct packet_parse_config* parse_config(void) {
  const struct packet_parse_config* config = (const struct packet_parse_config*)&settings.parse;
  asm volatile("" : "+r"(config));
  return config;
}

static __always_inline void begin(struct __sk_buff* context, struct work_space* space) {
  packet_begin(&space->walk, context->len, context->len, settings.link_type);
  space->walk.beyond_linear = 0;
  packet_clear(&space->event);
  if (context->vlan_present) { /* the outermost tag lies beside the frame */
    packet_note_tag(&space->event, context->vlan_tci & 0xfff);
    space->walk.tags = 1;
  }
}

/* For frames whose headers are not all in the linear part. A global function, so that the verifier checks it apart. */
__noinline int parse_copied(struct __sk_buff* context) {
  const uint32_t zero = 0;
  struct work_space* space = bpf_map_lookup_elem(&work_spaces, &zero);
  if (!space) return PACKET_TRUNCATED_L2; /* never: the array has this entry */
  begin(context, space);
  return skb_copy_frame(context, parse_config(), &space->walk, &space->event, &space->inner);
}

/* How many packets of the wire a super-packet stands for; 0: it is none. */
static __always_inline uint32_t segments_of(struct __sk_buff* context, const struct packet_event* event) {
  const uint32_t segment_bytes = context->gso_size;
  if (segment_bytes == 0) return 0;
  uint32_t segments = context->gso_segs;
  if (segments == 0) segments = (event->payload_length_bytes + segment_bytes - 1) / segment_bytes; /* from a guest */
  return segments > 1 ? segments : 0;
}

/* What the parser leaves to its caller. */
static __always_inline void complete(struct packet_event* event, uint32_t slot, enum capture_direction direction) {
  event->timestamp_ns = (int64_t)(settings.uses_tai ? bpf_ktime_get_tai_ns() : bpf_ktime_get_boot_ns());
  event->interface = (uint16_t)(slot + 1);
  event->key_interface = settings.numbered ? (uint16_t)(slot + 1) : 0;
  event->partition = 0;
  if (direction == CAPTURE_EGRESS) event->marks |= PACKET_EGRESS;
}

/* Copies the bytes that are wanted behind the event; how many it got. */
static __always_inline uint32_t add_bytes(struct __sk_buff* context, struct work_space* space) {
  uint32_t begin;
  uint32_t bytes = packet_copied_bytes(&space->event, context->len, settings.payload_bytes, settings.headers, &begin);
  asm volatile("" : "+r"(bytes)); /* the very register that was compared goes into the call */
  if (bytes == 0 || bytes > CAPTURE_MAX_BYTES || bpf_skb_load_bytes(context, begin, space->bytes, bytes) != 0) {
    bytes = 0;
  }
  space->event.payload_captured_bytes = bytes;
  return bytes;
}

#define COPY_WORDS(to, from, begin, end)                                                                   \
  _Pragma("unroll") for (uint32_t word = (begin) / 8; word < (end) / 8; ++word)((packet_u64*)(to))[word] = \
      ((const packet_u64*)(from))[word]

/* Reserving and copying is faster than bpf_ringbuf_output by the call that it makes to copy. The size is settled before
 * the verifier looks: of the three copies it leaves those that are needed.
 * Two CPUs may report the same count of drops, or an older one later: the reader keeps the maximum. `told` is set only
 * after the record was reserved, so that a full ring loses no report. */
static __always_inline uint32_t output_event(const struct packet_event* event, void* ring,
                                             struct capture_ring_drops* drops) {
  const uint64_t lost = *(volatile uint64_t*)&drops->packets;
  uint64_t drops_bytes = lost != drops->told ? sizeof lost : 0;
  asm volatile("" : "+r"(drops_bytes)); /* else both are compared again, and the verifier knows no result */
  struct packet_event* record = bpf_ringbuf_reserve(ring, settings.event_bytes + drops_bytes, 0);
  if (!record) return 0;
  COPY_WORDS(record, event, 0, PACKET_EVENT_CORE_BYTES);
  if (settings.event_bytes >= PACKET_EVENT_OUTER_BYTES) {
    COPY_WORDS(record, event, PACKET_EVENT_CORE_BYTES, PACKET_EVENT_OUTER_BYTES);
  }
  if (settings.event_bytes >= sizeof *event) COPY_WORDS(record, event, PACKET_EVENT_OUTER_BYTES, sizeof *event);
  if (drops_bytes != 0) {
    *(packet_u64*)((uint8_t*)record + settings.event_bytes) = lost;
    *(volatile uint64_t*)&drops->told = lost;
  }
  bpf_ringbuf_submit(record, BPF_RB_NO_WAKEUP);
  return 1;
}

static __always_inline uint32_t output(struct __sk_buff* context, struct work_space* space, void* ring,
                                       struct capture_ring_drops* drops) {
  if (settings.payload_bytes == 0 && !settings.headers) return output_event(&space->event, ring, drops);
  space->ring_drops = *(volatile uint64_t*)&drops->packets;
  const uint32_t bytes = sizeof space->event + sizeof space->ring_drops + add_bytes(context, space);
  return bpf_ringbuf_output(ring, &space->event, bytes, BPF_RB_NO_WAKEUP) == 0;
}

static __always_inline void submit(struct __sk_buff* context, struct work_space* space,
                                   struct capture_counters* counter) {
  const uint32_t index = ring_of(&space->event);
  void* ring = bpf_map_lookup_elem(&rings, &index);
  struct capture_ring_drops* drops = bpf_map_lookup_elem(&ring_drops, &index);
  if (!drops) return; /* never: it has an entry for each ring */
  if (ring && output(context, space, ring, drops)) {
    counter->by_reason[PACKET_ACCEPTED] += 1;
    const uint32_t segments = segments_of(context, &space->event);
    if (segments != 0) {
      counter->gso_packets += 1;
      counter->gso_segments += segments;
    }
    return;
  }
  counter->ring_full += 1;
  __sync_fetch_and_add(&drops->packets, 1);
}

/* settings.slots: it has none. */
static __always_inline uint32_t slot_of(struct __sk_buff* context) {
  if (settings.slots == 1) return 0;
  const uint32_t index = context->ifindex;
  const uint32_t* slot = bpf_map_lookup_elem(&interfaces, &index);
  return slot ? *slot : settings.slots;
}

static __always_inline int capture(struct __sk_buff* context, enum capture_direction direction) {
  const uint32_t zero = 0;
  const uint32_t slot = slot_of(context);
  if (slot >= settings.slots) return TC_ACT_UNSPEC;
  const uint32_t entry = (bpf_get_smp_processor_id() * settings.slots + slot) * CAPTURE_DIRECTIONS + direction;
  struct work_space* space = bpf_map_lookup_elem(&work_spaces, &zero);
  struct capture_counters* counter = bpf_map_lookup_elem(&counters, &entry);
  if (!space || !counter) return TC_ACT_UNSPEC;
  counter->seen += 1;
  begin(context, space);
  uint32_t reason = skb_frame(context, parse_config(), &space->walk, &space->event, &space->inner);
  if (space->walk.beyond_linear) reason = (uint32_t)parse_copied(context);
  if (reason == PACKET_ACCEPTED) {
    complete(&space->event, slot, direction);
    submit(context, space, counter);
  } else if (reason < PACKET_REASON_COUNT) {
    counter->by_reason[reason] += 1;
  }
  return TC_ACT_UNSPEC;
}

SEC("tc")
int flowgauge_in(struct __sk_buff* context) { return capture(context, CAPTURE_INGRESS); }

SEC("tc")
int flowgauge_out(struct __sk_buff* context) { return capture(context, CAPTURE_EGRESS); }
