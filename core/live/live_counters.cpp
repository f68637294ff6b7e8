#include "core/live/live_source.h"

namespace flowgauge {

LiveCounters& LiveCounters::operator+=(const LiveCounters& other) {
  seen += other.seen;
  for (std::size_t reason = 0; reason < by_reason.size(); ++reason) by_reason[reason] += other.by_reason[reason];
  ring_full += other.ring_full;
  lost_before += other.lost_before;
  blind += other.blind;
  if (super_packets && other.super_packets) {
    super_packets->packets += other.super_packets->packets;
    super_packets->segments += other.super_packets->segments;
  }
  return *this;
}

}  // namespace flowgauge
