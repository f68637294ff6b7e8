// Prints every frame of a capture as the library reads it, one line each: number, timestamp [ns], wire bytes, captured
// bytes, CRC-32 of those, link type, interface. Last line: "end", or "damaged MESSAGE"; "refused MESSAGE" if it cannot
// be opened.
#include <fmt/format.h>

#include <cstdint>
#include <cstdio>

#include "core/ingest/capture_file.h"

namespace {

std::uint32_t crc32(const std::uint8_t* bytes, std::size_t size) {
  std::uint32_t crc = ~0u;
  for (std::size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (0xedb88320 & -(crc & 1));
  }
  return ~crc;
}

}  // namespace

int main(int argc, char** argv) {
  using flowgauge::CaptureFile;
  if (argc != 2) return 1;
  auto capture = CaptureFile::open(argv[1], {});
  if (!capture) {
    fmt::print("refused {}\n", capture.error().message);
    return 0;
  }
  flowgauge::Frame frame;
  CaptureFile::ReadState state;
  for (int number = 1; (state = capture->next(frame)) == CaptureFile::ReadState::kFrame; ++number) {
    fmt::print("{} {} {} {} {} {} {}\n", number, frame.timestamp_ns, frame.wire_bytes, frame.captured_bytes,
               crc32(frame.bytes, frame.captured_bytes), frame.link_type, frame.interface);
  }
  if (state == CaptureFile::ReadState::kEnd) fmt::print("end\n");
  if (state == CaptureFile::ReadState::kDamaged) fmt::print("damaged {}\n", capture->problem());
}
