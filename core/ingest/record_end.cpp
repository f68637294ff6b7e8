#include "core/ingest/record_end.h"

#include <fmt/format.h>

#include <cstdint>
#include <cstring>

#include "core/base/text.h"
#include "core/ingest/capture_format.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kVersion24 = 2 | 4 << 16;  // two numbers of 16 bits, in little-endian order

std::uint32_t number_at(std::string_view bytes, std::size_t at) {
  std::uint32_t number = 0;
  std::memcpy(&number, bytes.data() + at, sizeof number);
  return number;
}

}  // namespace

bool begins_a_capture(std::string_view bytes) {
  switch (capture_format(bytes)) {
    case CaptureFormat::kUnknown:
      return false;
    case CaptureFormat::kPcapng:
      return bytes.size() >= 12 && is_byte_order_magic(number_at(bytes, 8));
    case CaptureFormat::kPcapMicroseconds:
    case CaptureFormat::kPcapNanoseconds:
      break;
  }
  if (bytes.size() < kClassicHeaderBytes) return false;
  // 2.4, then two fields that are always 0: the time zone, the accuracy of the timestamps.
  const std::uint32_t version = number_at(bytes, 4);
  const bool is_big_endian = (static_cast<unsigned char>(bytes[0]) & 0xf0) == 0xa0;
  return version == (is_big_endian ? 0x04000200U : kVersion24) && number_at(bytes, 8) == 0 && number_at(bytes, 12) == 0;
}

std::string zeros_message(RecordBuffer& buffer) {
  const RecordBuffer::Zeros zeros = buffer.take_zeros();
  if (!zeros.to_the_end) {
    return fmt::format(
        "{} zero bytes stand here, and other bytes behind them; the file is damaged from here on, take a "
        "fresh copy",
        with_thousands(zeros.bytes));
  }
  return fmt::format(
      "only zeros follow, {} bytes of them, as in a file that was given its size before it was written, or where the "
      "disk was full or the machine went down; if packets are missing, take another copy",
      with_thousands(zeros.bytes));
}

}  // namespace flowgauge
