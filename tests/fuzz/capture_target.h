// Reads an input as a capture, from its file header to its end or its damage, and parses each frame.
#pragma once

#include <algorithm>

#include "core/compression/decoder.h"
#include "core/ingest/capture_file.h"
#include "core/packet/parse/parse.h"
#include "tests/fuzz/target.h"

namespace flowgauge::test {

inline constexpr std::size_t kEnough = 1 << 16;

inline void read_capture(const std::uint8_t* data, std::size_t size) {
  static InputFile input;
  auto capture = CaptureFile::open(input.holding(data, size), {});
  if (!capture) {
    must_hold(!capture.error().message.empty(), "a refusal has a sentence");
    return;
  }
  const packet_parse_config config = packet_parse_defaults();
  packet_event event{};
  Frame frame{};
  std::size_t frames = 0;
  // A few bytes may stand for very many.
  const bool is_compressed = compression_of({reinterpret_cast<const char*>(data),
                                             std::min(size, kCompressionMagicBytes)}) != Compression::kNone;
  CaptureFile::ReadState state;
  while ((state = capture->next(frame)) == CaptureFile::ReadState::kFrame) {
    ++frames;
    must_hold(is_compressed || frames <= size, "no more frames than bytes");
    if (frames > kEnough) return;
    packet_parse(&config, frame.bytes, frame.captured_bytes, frame.wire_bytes,
                 static_cast<std::uint32_t>(frame.link_type), &event);
    unsigned sum = 0;  // every byte is there to be read
    for (std::uint32_t at = 0; at < frame.captured_bytes; ++at) sum += frame.bytes[at];
    volatile unsigned taken = sum;
    (void)taken;
  }
  must_hold(capture->next(frame) == state, "the end is not left again");
  if (state == CaptureFile::ReadState::kDamaged) must_hold(!capture->problem().empty(), "damage has a sentence");
  if (state == CaptureFile::ReadState::kEnd && frames > 0) note_taken();
}

}  // namespace flowgauge::test
