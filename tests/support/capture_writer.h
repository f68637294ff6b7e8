// Small classic pcap files, in memory or on disk, in all their byte orders and resolutions.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>

#include "tests/support/frame_builder.h"

namespace flowgauge::test {

struct CaptureFormat {
  std::uint32_t link_type = 1;
  bool big_endian = false;
  bool nanoseconds = false;  // the magic says which
  std::uint32_t snaplen_bytes = 262144;
};

class CaptureWriter {
 public:
  explicit CaptureWriter(CaptureFormat format = {});

  // The timestamp is cut to the file's resolution. `wire_bytes`: where it is not the number of bytes captured.
  CaptureWriter& add(std::int64_t timestamp_ns, const Bytes& frame,
                     std::optional<std::uint32_t> wire_bytes = std::nullopt);
  // A record header as it is, lies included, followed by the bytes.
  CaptureWriter& add_record(std::uint32_t seconds, std::uint32_t sub_seconds, std::uint32_t captured_bytes,
                            std::uint32_t wire_bytes, const Bytes& frame);

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }
  // Stops the test program where the file cannot be written.
  void save(const std::filesystem::path& path) const;

 private:
  void put16(std::uint16_t value);
  void put32(std::uint32_t value);

  CaptureFormat format_;
  Bytes bytes_;
};

}  // namespace flowgauge::test
