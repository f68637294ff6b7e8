// What capture files of the rarer link types put before a packet, as bytes for FrameBuilder::data().
#pragma once

#include <cstdint>

#include "tests/support/frame_builder.h"

namespace flowgauge::test {

// Whether the kernel program, which never meets it, leaves this link type out.
inline bool only_in_files(std::uint32_t link_type) {
  switch (link_type) {
    case 105:
    case 107:
    case 119:
    case 127:
    case 163:
    case 178:
    case 192:
    case 226:
    case 239:
    case 258:
      return true;
    default:
      return false;
  }
}

inline void put_little(Bytes& bytes, std::uint32_t value, int size) {
  for (int i = 0; i < size; ++i) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}
inline void put_big(Bytes& bytes, std::uint32_t value, int size) {
  for (int i = size; i-- > 0;) bytes.push_back(static_cast<std::uint8_t>(value >> 8 * i));
}

// IEEE 802.11: frame control, and four addresses 02:00:00:00:00:11 to :14 as far as the frame has them. A QoS control
// field of 0, and HT control, where the frame control says so.
inline Bytes wlan_header(std::uint8_t control = 0x08, std::uint8_t flags = 0x01) {
  Bytes bytes = {control, flags, 0, 0};
  const auto address = [&bytes](std::uint8_t last) {
    for (const std::uint8_t byte : {2, 0, 0, 0, 0}) bytes.push_back(byte);
    bytes.push_back(last);
  };
  for (const std::uint8_t last : {0x11, 0x12, 0x13}) address(last);
  put_little(bytes, 0x1230, 2);  // sequence number, fragment 0
  if ((flags & 3) == 3) address(0x14);
  if ((control & 0x80) != 0) bytes.resize(bytes.size() + ((flags & 0x80) != 0 ? 6 : 2));
  return bytes;
}

// Radiotap with these present words, of `length` bytes, zeros but for the byte at `flags_at`.
inline Bytes radiotap_header(const Bytes& present, std::uint16_t length, std::size_t flags_at = 0,
                             std::uint8_t flags = 0) {
  Bytes bytes = {0, 0};
  put_little(bytes, length, 2);
  for (const std::uint8_t byte : present) bytes.push_back(byte);
  bytes.resize(length);
  if (flags_at != 0) bytes.at(flags_at) = flags;
  return bytes;
}

inline Bytes prism_header(bool little_endian, std::uint32_t length = 144) {
  Bytes bytes;
  const auto put = little_endian ? put_little : put_big;
  put(bytes, 0x44, 4);
  put(bytes, length, 4);
  bytes.resize(length < 8 ? 8 : length);
  return bytes;
}

inline Bytes avs_header(std::uint32_t magic = 0x80211001, std::uint32_t length = 64) {
  Bytes bytes;
  put_big(bytes, magic, 4);
  put_big(bytes, length, 4);
  bytes.resize(length < 8 ? 8 : length);
  return bytes;
}

inline Bytes ppi_header(std::uint32_t link_type, std::uint16_t length = 8) {
  Bytes bytes = {0, 0};
  put_little(bytes, length, 2);
  put_little(bytes, link_type, 4);
  if (length > 8) bytes.resize(length);
  return bytes;
}

inline Bytes pktap_header(std::uint32_t link_type, std::uint32_t record = 1, std::uint32_t length = 108) {
  Bytes bytes;
  put_little(bytes, length, 4);
  put_little(bytes, record, 4);
  put_little(bytes, link_type, 4);
  bytes.resize(length < 12 ? 12 : length);
  return bytes;
}

// One NFLOG attribute: the header, and `content`, padded; `length` lies about it.
inline Bytes nflog_attribute(std::uint16_t type, const Bytes& content, bool little_endian = true, int length = -1) {
  Bytes bytes;
  const auto put = little_endian ? put_little : put_big;
  put(bytes, length < 0 ? static_cast<std::uint32_t>(content.size() + 4) : static_cast<std::uint32_t>(length), 2);
  put(bytes, type, 2);
  bytes.insert(bytes.end(), content.begin(), content.end());
  bytes.resize((bytes.size() + 3) / 4 * 4);
  return bytes;
}

inline Bytes juniper_header(std::uint8_t flags, std::uint16_t extension_bytes = 0) {
  Bytes bytes = {0x4d, 0x47, 0x43, flags};
  if ((flags & 0x80) != 0) {
    put_big(bytes, extension_bytes, 2);
    bytes.resize(bytes.size() + extension_bytes);
  }
  if ((flags & 0x02) != 0) bytes.resize(bytes.size() + 4);
  return bytes;
}

inline Bytes ipnet_header(std::uint8_t family, std::uint8_t version = 1) {
  Bytes bytes = {version, family};
  bytes.resize(24);
  return bytes;
}

}  // namespace flowgauge::test
