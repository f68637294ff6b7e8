// Digests by name: SHA-256 of plugins and profiles in the report, SHA-1 for the Community ID; hex and base64. By
// Nettle, which uses the instructions that processors have for them. Not for secrets.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace flowgauge {

using Bytes = std::span<const std::uint8_t>;
using Sha1Digest = std::array<std::uint8_t, 20>;
using Sha256Digest = std::array<std::uint8_t, 32>;

[[nodiscard]] inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

[[nodiscard]] Sha1Digest sha1(Bytes data);
[[nodiscard]] Sha256Digest sha256(Bytes data);

// 64 lower-case digits, the form of `sha256sum` and of `sha256:` in a profile.
[[nodiscard]] std::string sha256_hex(std::string_view text);

[[nodiscard]] std::string to_hex(Bytes data);     // lower case
[[nodiscard]] std::string to_base64(Bytes data);  // RFC 4648 section 4, padded

}  // namespace flowgauge
