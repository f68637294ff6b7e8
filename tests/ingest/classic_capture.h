// Classic captures number by number, of all kinds that libpcap reads, lies included.
#pragma once

#include <cstdint>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {

inline constexpr std::uint32_t kMicroseconds = 0xa1b2c3d4;
inline constexpr std::uint32_t kNanoseconds = 0xa1b23c4d;
inline constexpr std::uint32_t kModified = 0xa1b2cd34;  // 8 more bytes in a record's header
inline constexpr std::uint32_t kMagics[] = {kMicroseconds, kNanoseconds, kModified};

struct FileHeader {
  std::uint32_t magic = kMicroseconds;
  bool big_endian = false;
  std::uint16_t major = 2;
  std::uint16_t minor = 4;
  std::uint32_t snaplen_bytes = 262144;
  std::uint32_t link_type = 1;
};

// A classic capture, number by number.
class Capture {
 public:
  explicit Capture(const FileHeader& header) : header_(header) {
    put(header.magic, 4).put(header.major, 2).put(header.minor, 2).put(0, 4).put(0, 4);
    put(header.snaplen_bytes, 4).put(header.link_type, 4);
  }
  Capture& record(std::uint32_t captured_bytes, std::uint32_t wire_bytes, const Bytes& frame) {
    return record(1, 2, captured_bytes, wire_bytes, frame);
  }
  Capture& record(const Bytes& frame) {
    const auto size = static_cast<std::uint32_t>(frame.size());
    return record(size, size, frame);
  }
  Capture& record(std::uint32_t seconds, std::uint32_t sub_seconds, std::uint32_t captured_bytes,
                  std::uint32_t wire_bytes, const Bytes& frame) {
    put(seconds, 4).put(sub_seconds, 4).put(captured_bytes, 4).put(wire_bytes, 4);
    if (header_.magic == kModified) put(0xeeeeeeee, 4).put(0xdddddddd, 4);
    append(bytes_, frame);
    return *this;
  }
  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  Capture& put(std::uint32_t value, int bytes) {
    for (int i = 0; i < bytes; ++i) {
      bytes_.push_back(static_cast<std::uint8_t>(value >> 8 * (header_.big_endian ? bytes - 1 - i : i)));
    }
    return *this;
  }

  FileHeader header_;
  Bytes bytes_;
};

}  // namespace flowgauge::test
