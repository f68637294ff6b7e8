// Parses a built frame and compares the whole event, or the reason.
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>

#include "core/packet/ledger.h"
#include "core/packet/parse/parse.h"
#include "tests/support/event_builder.h"
#include "tests/support/event_text.h"
#include "tests/support/frame_builder.h"

namespace flowgauge::test {

// The hosts of the frames; of the outer headers, where there is a tunnel.
inline constexpr const char* kA = "10.0.0.1";
inline constexpr const char* kB = "10.0.0.2";
inline constexpr const char* kA6 = "2001:db8::1";
inline constexpr const char* kB6 = "2001:db8::2";

inline FrameBuilder eth4() { return frame().eth().ipv4(kA, kB); }
inline FrameBuilder eth6() { return frame().eth().ipv6(kA6, kB6); }

// A datagram of 5 bytes behind what `link` has, and its event where the IP header begins at `ip_offset`.
inline FrameBuilder with4(FrameBuilder link) { return link.ipv4(kA, kB).udp(1000, 53).payload(5); }
inline FrameBuilder with6(FrameBuilder link) { return link.ipv6(kA6, kB6).udp(1000, 53).payload(5); }
inline EventBuilder udp4(std::size_t ip_offset) {
  return event().udp(kA, 1000, kB, 53).payload(5).payload_at(static_cast<std::uint16_t>(ip_offset + 28), 5);
}
inline EventBuilder udp6(std::size_t ip_offset) {
  return event().udp(kA6, 1000, kB6, 53).payload(5).payload_at(static_cast<std::uint16_t>(ip_offset + 48), 5);
}

struct Parsed {
  packet_reason reason;
  packet_event event;
};

// The bytes stand in memory of their own size, where a sanitizer sees a read beyond them.
inline Parsed parse(const Bytes& bytes, std::uint32_t link_type,
                    const packet_parse_config& config = packet_parse_defaults(),
                    std::optional<std::uint32_t> wire_bytes = std::nullopt) {
  const auto memory = std::make_unique<std::uint8_t[]>(bytes.size());
  std::ranges::copy(bytes, memory.get());
  const auto captured_bytes = static_cast<std::uint32_t>(bytes.size());
  Parsed result{};
  result.reason = packet_parse(&config, memory.get(), captured_bytes, wire_bytes.value_or(captured_bytes), link_type,
                               &result.event);
  return result;
}

struct ParseCase {
  std::string name;
  FrameBuilder frame;
  std::optional<packet_event> event;  // accepted with this event
  packet_reason reason = PACKET_ACCEPTED;
};

inline void check(const ParseCase& parse_case, const packet_parse_config& config = packet_parse_defaults(),
                  std::optional<std::uint32_t> wire_bytes = std::nullopt) {
  SCOPED_TRACE(parse_case.name);
  const Parsed result = parse(parse_case.frame.bytes(), parse_case.frame.link_type(), config, wire_bytes);
  EXPECT_EQ(reason_name(result.reason), reason_name(parse_case.reason));
  if (parse_case.event) {
    EXPECT_EQ(event_text(result.event), event_text(*parse_case.event));
  }
}

}  // namespace flowgauge::test
