// Decompression of a stream, piece by piece: one interface for all compressions that captures come in, told by their
// first bytes. What was compressed in several pieces and joined (members, streams, frames) is one stream.
// Single-threaded. Memory is bounded whatever the input: see kMostDecoderBytes.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace flowgauge {

enum class Compression { kNone, kGzip, kZstd, kBzip2, kXz, kLz4 };

// So many first bytes tell what a file is.
inline constexpr std::size_t kCompressionMagicBytes = 6;
// A file may ask for a window of 4 GiB; one that asks for more than this is refused with a message of its own.
inline constexpr std::uint64_t kMostDecoderBytes = 256ULL << 20;

[[nodiscard]] Compression compression_of(std::string_view begin);
// "gzip"; "" of none.
[[nodiscard]] std::string_view compression_name(Compression compression);
// "gzip, zstd, bzip2, xz or lz4".
[[nodiscard]] std::string compression_names();

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

  // Makes progress (consumes or produces) if there is input and room, or says what is wrong. Without input it gives
  // what it still holds. Never called again after an error.
  virtual Step decode(std::span<const char> in, std::span<char> out) = 0;
  // Whether the input may end here: between two members.
  [[nodiscard]] virtual bool complete() const = 0;
};

// Null if memory is short, and for kNone.
[[nodiscard]] std::unique_ptr<Decoder> make_decoder(Compression compression);

}  // namespace flowgauge
