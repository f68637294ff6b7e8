// A run of events in arrival order: what a source hands to the shards. Read-only once published;
// every shard walks all of it and keeps the flows of its own partitions.
#pragma once

#include <cstdint>
#include <vector>

#include "core/packet/event.h"

namespace flowgauge {

inline constexpr std::size_t kBlockEvents = 1024;

struct EventBlock {
  std::vector<packet_event> events;          // accepted frames only, fragments already joined
  std::vector<std::uint64_t> frames;         // [events.size()]: index of each event's frame in the run, from 0
  std::vector<std::uint8_t> payload;         // captured payload bytes, as far as features asked for them
  std::vector<std::uint32_t> payload_begin;  // [events.size()] into payload; empty if nobody asked
};

}  // namespace flowgauge
