#include "tests/support/capture_writer.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>

namespace flowgauge::test {

CaptureWriter::CaptureWriter(CaptureFormat format) : format_(format) {
  put32(format_.nanoseconds ? 0xa1b23c4d : 0xa1b2c3d4);
  put16(2);
  put16(4);
  put32(0);
  put32(0);
  put32(format_.snaplen_bytes);
  put32(format_.link_type);
}

CaptureWriter& CaptureWriter::add(std::int64_t timestamp_ns, const Bytes& frame,
                                  std::optional<std::uint32_t> wire_bytes) {
  const auto seconds = static_cast<std::uint32_t>(timestamp_ns / 1'000'000'000);
  const auto rest_ns = static_cast<std::uint32_t>(timestamp_ns % 1'000'000'000);
  const auto captured_bytes = static_cast<std::uint32_t>(frame.size());
  return add_record(seconds, format_.nanoseconds ? rest_ns : rest_ns / 1000, captured_bytes,
                    wire_bytes.value_or(captured_bytes), frame);
}

CaptureWriter& CaptureWriter::add_record(std::uint32_t seconds, std::uint32_t sub_seconds, std::uint32_t captured_bytes,
                                         std::uint32_t wire_bytes, const Bytes& frame) {
  put32(seconds);
  put32(sub_seconds);
  put32(captured_bytes);
  put32(wire_bytes);
  bytes_.insert(bytes_.end(), frame.begin(), frame.end());
  return *this;
}

void CaptureWriter::save(const std::filesystem::path& path) const {
  std::ofstream file(path, std::ios::binary);
  file.write(reinterpret_cast<const char*>(bytes_.data()), static_cast<std::streamsize>(bytes_.size()));
  file.close();
  if (!file) {
    std::fprintf(stderr, "test code: cannot write %s\n", path.c_str());
    std::abort();
  }
}

void CaptureWriter::put16(std::uint16_t value) {
  const auto high = static_cast<std::uint8_t>(value >> 8);
  const auto low = static_cast<std::uint8_t>(value);
  bytes_.push_back(format_.big_endian ? high : low);
  bytes_.push_back(format_.big_endian ? low : high);
}

void CaptureWriter::put32(std::uint32_t value) {
  const auto high = static_cast<std::uint16_t>(value >> 16);
  const auto low = static_cast<std::uint16_t>(value);
  put16(format_.big_endian ? high : low);
  put16(format_.big_endian ? low : high);
}

}  // namespace flowgauge::test
