// All that a reader shows of a capture, for comparing one with another.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "tests/ingest/ingest_support.h"

namespace flowgauge::test {

struct Record {
  std::int64_t timestamp_ns;
  std::uint32_t captured_bytes;
  std::uint32_t wire_bytes;
  Bytes bytes;

  bool operator==(const Record&) const = default;
};

struct Reading {
  std::vector<Record> records;
  std::string end;  // "end", or the message
};

// As libpcap alone reads a plain, classic capture. Its message calls the file `name` and says `place` behind an offset.
[[nodiscard]] Reading through_libpcap(const std::string& path, const std::string& name, const std::string& place);

[[nodiscard]] Reading through_capture_file(const std::string& path);

}  // namespace flowgauge::test
