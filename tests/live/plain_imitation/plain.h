/* What the two halves of the plain imitation share. */
#pragma once

#define PLAIN_RINGS 8u

struct plain_event {
  unsigned long long time_ns;
  unsigned int src, dst;
  unsigned short src_port, dst_port;
  unsigned int length, seq, ack;
  unsigned short window, payload;
  unsigned char protocol, flags, header_length, pad;
};

struct plain_counters {
  unsigned long long seen, submitted, ring_full;
};
