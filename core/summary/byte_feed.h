// The unpacked bytes of a table in a buffer, from a place that is kept up to what was read. Single-threaded.
// Invariant: behind the bytes are kPaddingBytes of zeros, which may be read.
#pragma once

#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/ingest/compressed_stream.h"

namespace flowgauge {

class ByteFeed {
 public:
  static constexpr std::size_t kPaddingBytes = 64;
  static constexpr std::size_t kLongestRowBytes = std::size_t{64} << 20;

  explicit ByteFeed(std::unique_ptr<CompressedStream> stream);

  [[nodiscard]] std::string_view bytes() const { return {buffer_.data(), size_}; }
  [[nodiscard]] char* data() { return buffer_.data(); }
  // Drops what is before `kept_from`, which becomes 0, and reads more; false: there is no more. Pointers into the bytes
  // are no longer good.
  [[nodiscard]] bool fill(std::size_t kept_from);
  [[nodiscard]] const CompressedStream& stream() const { return *stream_; }
  [[nodiscard]] const std::string& name() const { return stream_->name(); }

 private:
  std::unique_ptr<CompressedStream> stream_;
  std::string buffer_;
  std::size_t size_ = 0;
};

}  // namespace flowgauge
