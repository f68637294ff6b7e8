/* Parses one frame in the kernel and leaves the event in a map: what tests compare with user space, and what shows
 * that the verifier takes the whole parser. */
#include <linux/bpf.h>
#include <linux/pkt_cls.h>

#include <bpf/bpf_helpers.h>

#define PARSE_XDP
#include "bpf/parse_readers.h"

char LICENSE[] SEC("license") = "GPL";

struct parse_result {
  struct packet_event event;
  uint32_t reason;
  uint32_t was_copied; /* the frame's headers were read by bpf_skb_load_bytes */
};

struct work_space {
  struct packet_parse_config config;
  struct packet_walk walk;
  struct packet_event event;
  struct packet_event inner;
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
  __uint(max_entries, 1);
  __type(key, uint32_t);
  __type(value, struct parse_result);
} results SEC(".maps");

/* The test writes them before it runs a program. */
struct settings {
  struct packet_parse_config config;
  uint32_t link_type;
  uint32_t reserved;
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY);
  __uint(max_entries, 1);
  __type(key, uint32_t);
  __type(value, struct settings);
} settings_of_run SEC(".maps");

static __always_inline struct work_space* begin(uint32_t captured_bytes) {
  const uint32_t zero = 0;
  const struct settings* settings = bpf_map_lookup_elem(&settings_of_run, &zero);
  struct work_space* space = bpf_map_lookup_elem(&work_spaces, &zero);
  if (!settings || !space) return 0;
  space->config = settings->config;
  packet_begin(&space->walk, captured_bytes, captured_bytes, settings->link_type);
  space->walk.beyond_linear = 0;
  packet_clear(&space->event);
  return space;
}

static __always_inline void finish(const struct work_space* space, uint32_t reason, uint32_t was_copied) {
  const uint32_t zero = 0;
  struct parse_result* result = bpf_map_lookup_elem(&results, &zero);
  if (!result) return;
  result->event = space->event;
  result->reason = reason;
  result->was_copied = was_copied;
}

static __always_inline int parse_in_xdp(struct xdp_md* context, uint32_t captured_bytes) {
  struct work_space* space = begin(captured_bytes);
  if (!space) return XDP_ABORTED;
  finish(space, xdp_frame(context, &space->config, &space->walk, &space->event, &space->inner), 0);
  return XDP_PASS;
}

SEC("xdp")
int parse_xdp(struct xdp_md* context) {
  uint64_t captured_bytes = (uint8_t*)(long)context->data_end - (uint8_t*)(long)context->data;
  asm volatile("" : "+r"(captured_bytes)); /* the verifier allows no half of a pointer in the difference */
  return parse_in_xdp(context, (uint32_t)captured_bytes);
}

/* Also takes frames of several pages (Linux 5.18), of which direct access reaches the first one: enough for headers. */
SEC("xdp.frags")
int parse_xdp_frags(struct xdp_md* context) { return parse_in_xdp(context, (uint32_t)bpf_xdp_get_buff_len(context)); }

/* The outermost tag, where the socket buffer has it beside the frame. */
static __always_inline void note_metadata_tag(const struct __sk_buff* context, struct work_space* space) {
  if (!context->vlan_present) return;
  packet_note_tag(&space->event, context->vlan_tci & 0xfff);
  space->walk.tags = 1;
}

/* A global function, so that the verifier checks it apart from the program that calls it. */
__noinline int parse_copied(struct __sk_buff* context) {
  struct work_space* space = begin(context->len);
  if (!space) return TC_ACT_UNSPEC;
  note_metadata_tag(context, space);
  finish(space, skb_copy_frame(context, &space->config, &space->walk, &space->event, &space->inner), 1);
  return TC_ACT_UNSPEC;
}

SEC("tc")
int parse_tc(struct __sk_buff* context) {
  struct work_space* space = begin(context->len);
  if (!space) return TC_ACT_UNSPEC;
  note_metadata_tag(context, space);
  const uint32_t reason = skb_frame(context, &space->config, &space->walk, &space->event, &space->inner);
  if (space->walk.beyond_linear) return parse_copied(context);
  finish(space, reason, 0);
  return TC_ACT_UNSPEC;
}

SEC("tc")
int parse_tc_copy(struct __sk_buff* context) { return parse_copied(context); }
