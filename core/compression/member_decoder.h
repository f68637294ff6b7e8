// Members one behind another, for formats whose library stops at the end of each: gzip, bzip2, xz.
// Zeros behind a member are padding (tapes, and RFC 1952's readers ever since); anything else must be another member.
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/compression/decoder.h"

namespace flowgauge {

class MemberDecoder : public Decoder {
 public:
  Step decode(std::span<const char> in, std::span<char> out) final {
    if (!between_members_) return decode_member(in, out);
    if (in.empty()) return {};
    const auto zeros = static_cast<std::size_t>(std::ranges::find_if(in, [](char c) { return c != 0; }) - in.begin());
    if (zeros > 0) return {zeros, 0, {}};
    if (in.front() != first_byte_) {
      return {0, 0, fmt::format("bytes that are not {} follow the compressed data", name_)};
    }
    if (!begin_member()) return {0, 0, "there is not enough memory to decompress it"};
    between_members_ = false;
    return decode_member(in, out);
  }

  [[nodiscard]] bool complete() const final { return between_members_; }

 protected:
  MemberDecoder(char first_byte, std::string_view name) : first_byte_(first_byte), name_(name) {}

  // Of one member; end_member() when the library says that it ended.
  virtual Step decode_member(std::span<const char> in, std::span<char> out) = 0;
  // Makes ready for another. False: memory is short.
  virtual bool begin_member() = 0;
  void end_member() { between_members_ = true; }

 private:
  char first_byte_;
  std::string_view name_;
  bool between_members_ = false;
};

}  // namespace flowgauge
