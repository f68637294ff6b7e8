#include "core/base/digest.h"

#include <nettle/sha1.h>
#include <nettle/sha2.h>

#include <algorithm>

namespace flowgauge {

Sha1Digest sha1(Bytes data) {
  sha1_ctx context;
  sha1_init(&context);
  sha1_update(&context, data.size(), data.data());
  Sha1Digest digest;
  sha1_digest(&context, digest.size(), digest.data());
  return digest;
}

Sha256Digest sha256(Bytes data) {
  sha256_ctx context;
  sha256_init(&context);
  sha256_update(&context, data.size(), data.data());
  Sha256Digest digest;
  sha256_digest(&context, digest.size(), digest.data());
  return digest;
}

std::string sha256_hex(std::string_view text) { return to_hex(sha256(bytes_of(text))); }

std::string to_hex(Bytes data) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  text.reserve(data.size() * 2);
  for (const std::uint8_t byte : data) {
    text += kDigits[byte >> 4];
    text += kDigits[byte & 15];
  }
  return text;
}

std::string to_base64(Bytes data) {
  constexpr std::string_view kDigits = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  text.reserve((data.size() + 2) / 3 * 4);
  for (std::size_t i = 0; i < data.size(); i += 3) {
    const std::size_t left = std::min<std::size_t>(3, data.size() - i);
    const std::uint32_t group = std::uint32_t{data[i]} << 16 | (left > 1 ? std::uint32_t{data[i + 1]} << 8 : 0) |
                                (left > 2 ? std::uint32_t{data[i + 2]} : 0);
    for (std::size_t digit = 0; digit < 4; ++digit) {
      text += digit <= left ? kDigits[group >> (18 - 6 * digit) & 63] : '=';
    }
  }
  return text;
}

}  // namespace flowgauge
