// Digests by name: SHA-256 of plugins and profiles in the report, SHA-1 for the Community ID; hex and base64.
// Not for secrets. A digest object belongs to one thread.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

using Bytes = std::span<const std::uint8_t>;

[[nodiscard]] inline Bytes bytes_of(std::string_view text) {
  return {reinterpret_cast<const std::uint8_t*>(text.data()), text.size()};
}

// What FIPS 180-4 has in common for its hashes with blocks of 64 bytes: `Words` words of state, and a
// last block that ends in the length in bits. Each hash adds its compression function.
// Invariant: used_ < 64, and the first used_ bytes of block_ are not compressed yet.
template <class Hash, std::size_t Words>
class BlockHash {
 public:
  using Value = std::array<std::uint8_t, Words * 4>;

  void update(Bytes data);
  void update(std::string_view text) { update(bytes_of(text)); }
  // Ends the message. Afterwards the object is spent: assign a new one to hash again.
  [[nodiscard]] Value finish();

 protected:
  explicit BlockHash(const std::array<std::uint32_t, Words>& initial) : state_(initial) {}
  std::array<std::uint32_t, Words> state_;

 private:
  std::array<std::uint8_t, 64> block_{};
  std::size_t used_ = 0;
  std::uint64_t size_bytes_ = 0;
};

class Sha1 : public BlockHash<Sha1, 5> {
 public:
  Sha1();

 private:
  friend class BlockHash<Sha1, 5>;
  void compress(const std::uint8_t* block);
};

class Sha256 : public BlockHash<Sha256, 8> {
 public:
  Sha256();

 private:
  friend class BlockHash<Sha256, 8>;
  void compress(const std::uint8_t* block);
};

extern template class BlockHash<Sha1, 5>;
extern template class BlockHash<Sha256, 8>;

[[nodiscard]] Sha1::Value sha1(Bytes data);
[[nodiscard]] Sha256::Value sha256(Bytes data);

// 64 lower-case digits, the form of `sha256sum` and of `sha256:` in a profile.
[[nodiscard]] std::string sha256_hex(std::string_view text);
// Of a whole open file, from its beginning, whatever its read position (which does not move). The
// error is the system's reason alone, with code kInput; the caller knows the file's name.
[[nodiscard]] Result<std::string> sha256_hex_of_file(int descriptor);

[[nodiscard]] std::string to_hex(Bytes data);     // lower case
[[nodiscard]] std::string to_base64(Bytes data);  // RFC 4648 section 4, padded

}  // namespace flowgauge
