/* What the two halves of the plain imitation share. */
#pragma once

#define PLAIN_RINGS 8u

struct PlainEvent {
  unsigned long long time_ns;
  unsigned int src, dst;
  unsigned short src_port, dst_port;
  unsigned int length, seq, ack;
  unsigned short window, payload;
  unsigned char protocol, flags, header_length, pad;
};

struct PlainCounters {
  unsigned long long seen, submitted, ring_full;
};
