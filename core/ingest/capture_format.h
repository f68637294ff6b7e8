// The kinds of capture files, by what they begin with.
#pragma once

#include <cstdint>
#include <string_view>

namespace flowgauge {

enum class CaptureFormat { kUnknown, kPcapMicroseconds, kPcapNanoseconds, kPcapng };

// By the first bytes of the (decompressed) content.
[[nodiscard]] CaptureFormat capture_format(std::string_view head);

// Whether a classic capture has 8 more bytes in each record's header.
[[nodiscard]] bool is_modified_format(std::string_view head);

// Bytes 8 to 11 of a pcapng section, in either byte order.
inline constexpr std::uint32_t kByteOrderMagic = 0x1a2b3c4d;
[[nodiscard]] constexpr bool is_byte_order_magic(std::uint32_t number) {
  return number == kByteOrderMagic || number == __builtin_bswap32(kByteOrderMagic);
}

}  // namespace flowgauge
