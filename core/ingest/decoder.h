// Decompression of a stream, piece by piece. Concatenated members (gzip) or frames (zstd) are one stream.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace flowgauge {

class Decoder {
 public:
  struct Step {
    std::size_t consumed = 0;
    std::size_t produced = 0;
    std::string error;  // empty: none; what was produced before it counts
  };

  Decoder() = default;
  Decoder(const Decoder&) = delete;
  Decoder& operator=(const Decoder&) = delete;
  virtual ~Decoder() = default;

  // Makes progress (consumes or produces) if there is input and room, or says what is wrong.
  virtual Step decode(std::span<const char> in, std::span<char> out) = 0;
  // Whether the input may end here: between two members.
  [[nodiscard]] virtual bool complete() const = 0;
};

// Null if memory is short.
[[nodiscard]] std::unique_ptr<Decoder> make_gzip_decoder();
[[nodiscard]] std::unique_ptr<Decoder> make_zstd_decoder();

}  // namespace flowgauge
