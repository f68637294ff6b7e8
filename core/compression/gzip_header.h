// The header of a gzip member (RFC 1952 2.3), which ISA-L 2.30 reads wrongly: of one with a checksum that comes in two
// pieces it takes the checksum of the last piece, and flags that must be zero it does not look at.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace flowgauge {

class GzipHeader {
 public:
  // Takes what belongs to the header and returns how much that was. Not called after is_done() or an error.
  std::size_t take(std::span<const char> in);

  [[nodiscard]] bool is_done() const { return part_ == Part::kDone; }
  // What is wrong, in zlib's words; empty: nothing.
  [[nodiscard]] std::string_view error() const { return error_; }

 private:
  enum class Part { kFixed, kExtraLength, kExtra, kName, kComment, kChecksum, kDone };

  void take(std::uint8_t byte);
  void take_fixed(std::uint8_t byte);
  void go_on_behind(Part part);

  Part part_ = Part::kFixed;
  std::uint32_t taken_ = 0;  // bytes of this part
  std::uint8_t flags_ = 0;
  std::uint32_t number_ = 0;  // of a part of two bytes, the lower first
  std::uint32_t extra_bytes_ = 0;
  std::uint32_t crc_ = 0;  // of all bytes so far
  std::uint32_t expected_crc_ = 0;
  std::string_view error_;
};

}  // namespace flowgauge
