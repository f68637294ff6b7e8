// A capture of UDP packets, for runs whose rows matter more than their frames.
#pragma once

#include <cstdint>

#include "tests/support/capture_writer.h"
#include "tests/support/event_builder.h"
#include "tests/support/frame_builder.h"

namespace flowgauge::test {

// Packets of `flows` UDP flows in turn, a second apart; the payload grows with the packet's number, up to 999 bytes.
inline CaptureWriter udp_capture(int flows, int packets) {
  using namespace literals;
  CaptureWriter capture({.nanoseconds = true});
  for (int i = 0; i < packets; ++i)
    capture.add(i * 1_s, frame()
                             .eth()
                             .ipv4("10.0.0.1", "10.0.0.2")
                             .udp(static_cast<std::uint16_t>(1000 + i % flows), 53)
                             .payload(static_cast<std::uint32_t>(i % 1000))
                             .bytes());
  return capture;
}

}  // namespace flowgauge::test
