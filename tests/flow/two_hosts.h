// The packets that tests of the flow table are made of: two hosts that talk UDP or TCP, and a third party.
#pragma once

#include <cstdint>

#include "tests/support/event_builder.h"

namespace flowgauge::test {

inline EventBuilder forth() { return event().udp("10.0.0.1", 1000, "10.0.0.2", 53); }
inline EventBuilder back() { return event().udp("10.0.0.2", 53, "10.0.0.1", 1000); }
inline EventBuilder other() { return event().udp("10.0.0.7", 7, "10.0.0.8", 8); }

inline EventBuilder client(const char* flags, std::uint32_t seq = 0, std::uint32_t ack = 0, std::uint32_t payload = 0) {
  return event().tcp("10.0.0.1", 1000, "10.0.0.2", 80).flags(flags).seq(seq).ack(ack).payload(payload);
}
inline EventBuilder server(const char* flags, std::uint32_t seq = 0, std::uint32_t ack = 0, std::uint32_t payload = 0) {
  return event().tcp("10.0.0.2", 80, "10.0.0.1", 1000).flags(flags).seq(seq).ack(ack).payload(payload);
}

}  // namespace flowgauge::test
