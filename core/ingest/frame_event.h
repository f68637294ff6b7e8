// From a frame to its packet event: what capture files and live interfaces have in common.
#pragma once

#include <algorithm>
#include <cstdint>

#include "core/ingest/frame.h"
#include "core/ingest/frame_filter.h"
#include "core/packet/event_block.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {

// The reasons in the order of semantics 1; the parser has the later ones. `filter` may be null.
inline packet_reason judge_frame(const packet_parse_config& config, const FrameFilter* filter, const Frame& frame,
                                 packet_event& event) {
  if (filter != nullptr && !filter->matches(frame)) return PACKET_FILTERED;
  if (!frame.timestamp_valid) return PACKET_BAD_TIMESTAMP;
  event.timestamp_ns = frame.timestamp_ns;
  event.interface_index = 0;
  event.partition = 0;
  return packet_parse(&config, frame.bytes, frame.captured_bytes, frame.wire_bytes,
                      static_cast<std::uint32_t>(frame.link_type), &event);
}

// Copies at most `wanted` bytes of the packet's payload into the block, and says in the event how many; 0: none at all.
inline void add_payload(const Frame& frame, std::uint32_t wanted, packet_event& event, EventBlock& block) {
  if (wanted == 0) {
    event.payload_captured_bytes = 0;
    return;
  }
  block.add_payload(frame.bytes + event.payload_offset, std::min(event.payload_captured_bytes, wanted), event);
}

}  // namespace flowgauge
