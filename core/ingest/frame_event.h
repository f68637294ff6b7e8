// From a frame to its packet event: what capture files and live interfaces have in common.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "core/ingest/frame.h"
#include "core/ingest/frame_filter.h"
#include "core/packet/event_block.h"
#include "core/packet/parse/copied.h"
#include "core/packet/parse/parse.h"

namespace flowgauge {

// The reasons in the order of semantics 1; the parser has the later ones. `filter` may be null.
inline packet_reason judge_frame(const packet_parse_config& config, const FrameFilter* filter, const Frame& frame,
                                 packet_event& event) {
  if (filter != nullptr && !filter->matches(frame)) return PACKET_FILTERED;
  if (!frame.timestamp_valid) return PACKET_BAD_TIMESTAMP;
  event.timestamp_ns = frame.timestamp_ns;
  // One store for `interface` and the half behind it, `key_interface`, which is 0 here.
  static_assert(offsetof(packet_event, key_interface) == offsetof(packet_event, interface) + 2);
  static_assert(std::endian::native == std::endian::little);
  std::memcpy(reinterpret_cast<std::byte*>(&event) + offsetof(packet_event, interface), &frame.interface_name, 4);
  event.partition = 0;
  return packet_parse(&config, frame.bytes, frame.captured_bytes, frame.wire_bytes,
                      static_cast<std::uint32_t>(frame.link_type), &event);
}

// Copies what is wanted of the packet's bytes into the block, and says in the event how many.
inline void add_bytes(const Frame& frame, const BytesWanted& wanted, packet_event& event, EventBlock& block) {
  if (!wanted.any()) {
    event.payload_captured_bytes = 0;
    return;
  }
  std::uint32_t begin = 0;
  const std::uint32_t count =
      packet_copied_bytes(&event, frame.captured_bytes, wanted.payload_bytes, wanted.headers, &begin);
  block.add_bytes(frame.bytes + begin, count, event);
}

}  // namespace flowgauge
