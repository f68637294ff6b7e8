#include "core/ingest/capture_format.h"

#include <cstring>

namespace flowgauge {
namespace {

constexpr std::uint32_t kMicrosecondMagic = 0xa1b2c3d4;
constexpr std::uint32_t kNanosecondMagic = 0xa1b23c4d;
constexpr std::uint32_t kModifiedMagic = 0xa1b2cd34;
constexpr std::uint32_t kPcapngMagic = 0x0a0d0d0a;  // the same in both byte orders

std::uint32_t magic_of(std::string_view head) {
  std::uint32_t magic = 0;
  if (head.size() >= sizeof magic) std::memcpy(&magic, head.data(), sizeof magic);
  return magic;
}

bool has_magic(std::uint32_t found, std::uint32_t magic) { return found == magic || __builtin_bswap32(found) == magic; }

}  // namespace

CaptureFormat capture_format(std::string_view head) {
  const std::uint32_t magic = magic_of(head);
  if (has_magic(magic, kMicrosecondMagic) || is_modified_format(head)) return CaptureFormat::kPcapMicroseconds;
  if (has_magic(magic, kNanosecondMagic)) return CaptureFormat::kPcapNanoseconds;
  return magic == kPcapngMagic ? CaptureFormat::kPcapng : CaptureFormat::kUnknown;
}

bool is_modified_format(std::string_view head) { return has_magic(magic_of(head), kModifiedMagic); }

}  // namespace flowgauge
