// The usual way to take packets in the kernel, for comparison: a helper call copies each header to the stack, the event
// goes into one of 8 rings of 64 MiB, and each commit may wake the reader. IPv4 without tags, TCP and UDP alone.
#include <linux/bpf.h>
#include <linux/if_ether.h>
#include <linux/in.h>
#include <linux/ip.h>
#include <linux/pkt_cls.h>
#include <linux/tcp.h>
#include <linux/udp.h>

#include <bpf/bpf_endian.h>
#include <bpf/bpf_helpers.h>

#include "tests/live/plain_imitation/plain.h"

char plain_license[] SEC("license") = "GPL";

struct ring {
  __uint(type, BPF_MAP_TYPE_RINGBUF);
  __uint(max_entries, 64 << 20);
};

struct {
  __uint(type, BPF_MAP_TYPE_ARRAY_OF_MAPS);
  __uint(max_entries, PLAIN_RINGS);
  __type(key, __u32);
  __array(values, struct ring);
} rings SEC(".maps");

struct {
  __uint(type, BPF_MAP_TYPE_PERCPU_ARRAY);
  __uint(max_entries, 1);
  __type(key, __u32);
  __type(value, struct PlainCounters);
} counters SEC(".maps");

static __always_inline int read_transport(struct __sk_buff* skb, __u32 offset, struct PlainEvent* event) {
  if (event->protocol == IPPROTO_TCP) {
    struct tcphdr tcp;
    if (bpf_skb_load_bytes(skb, offset, &tcp, sizeof tcp)) return -1;
    event->src_port = bpf_ntohs(tcp.source);
    event->dst_port = bpf_ntohs(tcp.dest);
    event->seq = bpf_ntohl(tcp.seq);
    event->ack = bpf_ntohl(tcp.ack_seq);
    event->window = bpf_ntohs(tcp.window);
    event->flags = ((__u8*)&tcp)[13];
    event->header_length = tcp.doff * 4;
    return 0;
  }
  if (event->protocol == IPPROTO_UDP) {
    struct udphdr udp;
    if (bpf_skb_load_bytes(skb, offset, &udp, sizeof udp)) return -1;
    event->src_port = bpf_ntohs(udp.source);
    event->dst_port = bpf_ntohs(udp.dest);
    event->header_length = sizeof udp;
    return 0;
  }
  return -1;
}

static __always_inline int read_packet(struct __sk_buff* skb, struct PlainEvent* event) {
  struct ethhdr ethernet;
  struct iphdr ip;
  if (bpf_skb_load_bytes(skb, 0, &ethernet, sizeof ethernet) || ethernet.h_proto != bpf_htons(ETH_P_IP)) return -1;
  if (bpf_skb_load_bytes(skb, sizeof ethernet, &ip, sizeof ip)) return -1;
  event->src = ip.saddr;
  event->dst = ip.daddr;
  event->protocol = ip.protocol;
  event->length = bpf_ntohs(ip.tot_len);
  if (read_transport(skb, sizeof ethernet + ip.ihl * 4u, event)) return -1;
  event->payload = event->length - ip.ihl * 4 - event->header_length;
  event->time_ns = bpf_ktime_get_ns();
  return 0;
}

SEC("tc")
int plain(struct __sk_buff* skb) {
  __u32 zero = 0;
  struct PlainCounters* count = bpf_map_lookup_elem(&counters, &zero);
  if (!count) return TC_ACT_UNSPEC;
  count->seen++;
  struct PlainEvent event = {};
  if (read_packet(skb, &event)) return TC_ACT_UNSPEC;
  __u32 index = ((event.src ^ event.dst ^ event.src_port ^ event.dst_port) * 0x9e3779b1u) >> 29;
  void* ring = bpf_map_lookup_elem(&rings, &index);
  if (!ring) return TC_ACT_UNSPEC;
  struct PlainEvent* place = bpf_ringbuf_reserve(ring, sizeof event, 0);
  if (!place) {
    count->ring_full++;
    return TC_ACT_UNSPEC;
  }
  *place = event;
  bpf_ringbuf_submit(place, 0);
  count->submitted++;
  return TC_ACT_UNSPEC;
}
