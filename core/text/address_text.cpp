#include "core/text/address_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstring>

#include "core/text/hex_digits.h"

namespace flowgauge {
namespace {

// "0.\0\0" to "255.", for all bytes.
constexpr auto kOctets = [] {
  std::array<std::array<char, 4>, 256> texts{};
  for (unsigned value = 0; value < texts.size(); ++value) {
    char* out = texts[value].data();
    if (value > 99) *out++ = static_cast<char>('0' + value / 100);
    if (value > 9) *out++ = static_cast<char>('0' + value / 10 % 10);
    *out++ = static_cast<char>('0' + value % 10);
    *out = '.';
  }
  return texts;
}();

// Stores 4 bytes for each number, of which the next one overwrites what is too much: 16 bytes at most.
char* write_ipv4(char* out, const std::uint8_t* address) {
  for (int i = 0; i < 4; ++i) {
    const unsigned value = address[i];
    std::memcpy(out, kOctets[value].data(), 4);
    out += 2 + (value > 9 ? 1 : 0) + (value > 99 ? 1 : 0);
  }
  return out - 1;
}

char* write_group(char* out, std::uint16_t group) {
  bool started = false;
  for (int shift = 12; shift >= 0; shift -= 4) {
    const unsigned digit = group >> shift & 15U;
    started = started || digit != 0 || shift == 0;
    if (started) *out++ = kHexDigits[digit];
  }
  return out;
}

struct Run {
  int begin = 0;
  int size = 0;
};

// RFC 5952 4.2: the longest run of zero groups, the first of equal ones, not a single group.
Run zeros_to_shorten(const std::array<std::uint16_t, 8>& groups) {
  Run best;
  for (int begin = 0; begin < 8;) {
    int end = begin;
    while (end < 8 && groups[static_cast<std::size_t>(end)] == 0) ++end;
    if (end - begin > best.size) best = {begin, end - begin};
    begin = std::max(end, begin + 1);
  }
  return best.size >= 2 ? best : Run{};
}

char* write_ipv6(char* out, const std::uint8_t* address) {
  static constexpr std::uint8_t kMapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
  if (std::memcmp(address, kMapped, sizeof kMapped) == 0) {
    out = std::copy_n("::ffff:", 7, out);
    return write_ipv4(out, address + 12);
  }
  std::array<std::uint16_t, 8> groups;
  for (std::size_t i = 0; i < 8; ++i) groups[i] = static_cast<std::uint16_t>(address[2 * i] << 8 | address[2 * i + 1]);
  const Run zeros = zeros_to_shorten(groups);
  for (int i = 0; i < 8; ++i) {
    if (zeros.size > 0 && i == zeros.begin) {
      *out++ = ':';
      if (i == 0) *out++ = ':';
      i += zeros.size - 1;
      continue;
    }
    out = write_group(out, groups[static_cast<std::size_t>(i)]);
    if (i < 7) *out++ = ':';
  }
  return out;
}

}  // namespace

char* write_decimal(char* out, std::uint32_t value) { return std::to_chars(out, out + 10, value).ptr; }

char* write_address(char* out, const std::uint8_t* address, std::uint8_t ip_version) {
  return ip_version == 4 ? write_ipv4(out, address) : write_ipv6(out, address);
}

char* write_mac(char* out, const std::uint8_t* mac) {
  for (int i = 0; i < 6; ++i) {
    if (i > 0) *out++ = ':';
    *out++ = kHexDigits[mac[i] >> 4];
    *out++ = kHexDigits[mac[i] & 15];
  }
  return out;
}

}  // namespace flowgauge
