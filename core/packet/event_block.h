// A run of events in arrival order: what a source hands to the shards. Read-only once published;
// every shard walks all of it and keeps the flows of its own partitions.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "core/packet/event.h"

namespace flowgauge {

inline constexpr std::size_t kBlockEvents = 2048;
inline constexpr std::int64_t kNoClock = std::numeric_limits<std::int64_t>::min();
inline constexpr std::uint64_t kNoFrame = std::numeric_limits<std::uint64_t>::max();
inline constexpr std::uint64_t kNoRing = std::numeric_limits<std::uint64_t>::max();

// What a run needs of packets' bytes.
struct BytesWanted {
  std::uint32_t payload_bytes = 0;  // of each payload, at most
  bool headers = false;             // from the IP header to the end of the transport header

  [[nodiscard]] bool any() const { return headers || payload_bytes != 0; }
};

struct EventBlock {
  std::vector<packet_event> events;   // accepted frames only, fragments already joined
  std::vector<std::uint64_t> frames;  // [events.size()]: index of each event's frame in the run, from 0
  // Captured bytes, as far as features asked for them: of each event payload_captured_bytes, headers before payload.
  std::vector<std::uint8_t> payload;
  std::vector<std::uint32_t> payload_begin;  // [events.size()] into payload; empty if nobody asked

  // Where each event leaves the run's clock (run_clock.h), [events.size()], ascending over all blocks. Empty: an
  // event's own timestamp moves the clock, which is the greatest so far; of capture files, where that is the reading of
  // each.
  std::vector<std::int64_t> clocks;

  std::uint64_t first_tagged = kNoFrame;  // frame of the first event that has a VLAN

  // Live alone.
  std::int64_t clock_ns = kNoClock;  // behind the events: the wall clock has come so far, and moves the run's
  std::int64_t step_ns = 0;  // before the events: the wall clock was set forward by so much, and all times with it
  std::uint64_t ring_drops = kNoRing;  // packets that their ring lost before the events; kNoRing: offline

  // How a source fills a block: begin(), make_room(), then for each accepted frame the event in its place,
  // add_bytes() if any are wanted, add_frame(); last cut(). Events are overwritten, never cleared: a used block costs
  // no filling.
  void begin() {
    frames.clear();
    payload.clear();
    payload_begin.clear();
    clocks.clear();
    first_tagged = kNoFrame;
    clock_ns = kNoClock;
    step_ns = 0;
    ring_drops = kNoRing;
  }
  void make_room(std::size_t most) { events.resize(most); }
  void cut(std::size_t count) { events.resize(count); }

  // Of the newest event; says in it how many bytes there are.
  void add_bytes(const std::uint8_t* bytes, std::uint32_t count, packet_event& event) {
    payload_begin.push_back(static_cast<std::uint32_t>(payload.size()));
    payload.insert(payload.end(), bytes, bytes + count);
    event.payload_captured_bytes = count;
  }

  void add_frame(std::uint64_t frame, const packet_event& event) {
    frames.push_back(frame);
    if (event.vlan_count != 0 && first_tagged == kNoFrame) first_tagged = frame;
  }
};

}  // namespace flowgauge
