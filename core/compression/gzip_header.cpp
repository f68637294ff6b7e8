#include "core/compression/gzip_header.h"

#include <zlib.h>

namespace flowgauge {
namespace {

constexpr std::uint8_t kDeflate = 8;
constexpr std::uint8_t kHasChecksum = 1U << 1;
constexpr std::uint8_t kHasExtra = 1U << 2;
constexpr std::uint8_t kHasName = 1U << 3;
constexpr std::uint8_t kHasComment = 1U << 4;
constexpr std::uint8_t kReserved = 0xe0;
constexpr std::uint32_t kFixedBytes = 10;

}  // namespace

std::size_t GzipHeader::take(std::span<const char> in) {
  std::size_t taken = 0;
  while (taken < in.size() && !is_done() && error_.empty()) take(static_cast<std::uint8_t>(in[taken++]));
  return taken;
}

void GzipHeader::take(std::uint8_t byte) {
  const std::uint32_t crc_before = crc_;
  crc_ = static_cast<std::uint32_t>(::crc32(crc_, &byte, 1));
  ++taken_;
  switch (part_) {
    case Part::kFixed:
      take_fixed(byte);
      break;
    case Part::kExtraLength:
      number_ |= std::uint32_t{byte} << (taken_ == 1 ? 0 : 8);
      if (taken_ < 2) break;
      extra_bytes_ = number_;
      go_on_behind(extra_bytes_ == 0 ? Part::kExtra : Part::kExtraLength);
      break;
    case Part::kExtra:
      if (taken_ == extra_bytes_) go_on_behind(part_);
      break;
    case Part::kName:
    case Part::kComment:
      if (byte == 0) go_on_behind(part_);
      break;
    case Part::kChecksum:
      // Of all bytes before it.
      if (taken_ == 1) expected_crc_ = crc_before & 0xffff;
      number_ |= std::uint32_t{byte} << (taken_ == 1 ? 0 : 8);
      if (taken_ < 2) break;
      if (number_ != expected_crc_) error_ = "header crc mismatch";
      go_on_behind(part_);
      break;
    case Part::kDone:
      break;
  }
}

void GzipHeader::take_fixed(std::uint8_t byte) {
  switch (taken_) {
    case 1:
      if (byte != 0x1f) error_ = "incorrect header check";
      break;
    case 2:
      if (byte != 0x8b) error_ = "incorrect header check";
      break;
    case 3:
      if (byte != kDeflate) error_ = "unknown compression method";
      break;
    case 4:
      flags_ = byte;
      if ((byte & kReserved) != 0) error_ = "unknown header flags set";
      break;
    case kFixedBytes:
      go_on_behind(Part::kFixed);
      break;
    default:  // time, level, system
      break;
  }
}

// The next part that is there.
void GzipHeader::go_on_behind(Part part) {
  taken_ = 0;
  number_ = 0;
  const auto next = [&](Part candidate, std::uint8_t flag) { return part < candidate && (flags_ & flag) != 0; };
  if (next(Part::kExtraLength, kHasExtra)) {
    part_ = Part::kExtraLength;
  } else if (part == Part::kExtraLength) {
    part_ = Part::kExtra;
  } else if (next(Part::kName, kHasName)) {
    part_ = Part::kName;
  } else if (next(Part::kComment, kHasComment)) {
    part_ = Part::kComment;
  } else if (next(Part::kChecksum, kHasChecksum)) {
    part_ = Part::kChecksum;
  } else {
    part_ = Part::kDone;
  }
}

}  // namespace flowgauge
