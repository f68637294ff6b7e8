/* Which ring a packet goes to: all packets of a flow, in both directions and with all fragments, through one. */
#pragma once

#include "bpf/capture.h"

/* Of one end; what the two ends give is added, so that both directions give the same sum. */
PACKET_INLINE uint64_t end_hash(const uint8_t* address, uint64_t port, uint64_t seed) {
  uint64_t hash = seed ^ *(const packet_u64*)address ^ *(const packet_u64*)(address + 8) * 0x9e3779b97f4a7c15ull;
  hash = (hash + port) * 0xd6e8feb86659fd93ull;
  return hash ^ hash >> 32;
}

PACKET_INLINE uint32_t hashed_ring(const struct packet_event* event) {
  const uint64_t seed = settings.ring_seed;
  uint64_t sum =
      end_hash(event->src_address, event->src_port, seed) + end_hash(event->dst_address, event->dst_port, seed);
  sum = (sum ^ event->ip_protocol) * 0x9e3779b97f4a7c15ull;
  return (uint32_t)(sum >> 32) & settings.ring_mask;
}

/* A first fragment has ports and leaves its ring to the later ones, which have none. */
PACKET_INLINE uint32_t ring_of_fragment(const struct packet_event* event) {
  struct packet_fragment_key fragment;
  packet_fragment_key_of(event, settings.parse.fragment_scope, &fragment);
  struct capture_fragment_ring value = {bpf_ktime_get_ns(), hashed_ring(event), 0};
  if (event->marks & PACKET_FIRST_FRAGMENT) {
    bpf_map_update_elem(&fragments, &fragment, &value, BPF_ANY);
    return value.ring;
  }
  const struct capture_fragment_ring* known = bpf_map_lookup_elem(&fragments, &fragment);
  const uint32_t is_fresh = known && value.arrived_ns - known->arrived_ns <= PACKET_FRAGMENT_MEMORY_NS;
  return is_fresh ? known->ring & settings.ring_mask : value.ring;
}

PACKET_INLINE uint32_t ring_of(const struct packet_event* event) {
  if (settings.ring_mask == 0) return 0;
  if (event->marks & (PACKET_FIRST_FRAGMENT | PACKET_LATER_FRAGMENT)) return ring_of_fragment(event);
  return hashed_ring(event);
}
