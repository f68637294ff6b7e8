// zstd (RFC 8878). The library goes from frame to frame by itself, and bounds windows to 128 MiB.
#include <zstd.h>

#include <algorithm>

#include "core/base/handle.h"
#include "core/compression/decoders.h"

namespace flowgauge {
namespace {

constexpr std::size_t kMagicBytes = 4;

// Byte `at` of a frame's magic number: a frame of zstd, or one that is skipped (RFC 8878 3.1).
bool is_magic(std::size_t at, char byte, char first) {
  constexpr std::string_view kFrame = "\x28\xb5\x2f\xfd";
  constexpr std::string_view kSkippable = "\x50\x2a\x4d\x18";
  if (at == 0) return byte == kFrame[0] || (byte & 0xf0) == kSkippable[0];
  return byte == (first == kFrame[0] ? kFrame : kSkippable)[at];
}

class ZstdDecoder final : public Decoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<ZstdDecoder> decoder(new ZstdDecoder);
    decoder->stream_.reset(ZSTD_createDStream());
    return decoder->stream_ == nullptr ? nullptr : std::move(decoder);
  }

  Step decode(std::span<const char> in, std::span<char> out) override {
    if (!begins_well(in)) return {0, 0, "bytes that are not zstd follow the compressed data"};
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(stream_.get(), &output, &input);
    Step step{input.pos, output.pos, {}};
    if (ZSTD_isError(status) != 0) step.error = ZSTD_getErrorName(status);
    if (step.consumed == 0 && step.produced == 0) return step;  // a look at whether it holds output
    complete_ = status == 0;
    magic_seen_ = complete_ ? 0 : std::min(kMagicBytes, magic_seen_ + step.consumed);
    return step;
  }

  [[nodiscard]] bool complete() const override { return complete_; }

 private:
  ZstdDecoder() = default;

  // The library knows formats older than the RFC's, but only where their magic number comes in one piece.
  bool begins_well(std::span<const char> in) {
    for (std::size_t i = 0; i < in.size() && magic_seen_ + i < kMagicBytes; ++i) {
      if (magic_seen_ + i == 0) first_byte_ = in[0];
      if (!is_magic(magic_seen_ + i, in[i], first_byte_)) return false;
    }
    return true;
  }

  std::unique_ptr<ZSTD_DStream, Closer<ZSTD_freeDStream>> stream_;
  bool complete_ = false;
  std::size_t magic_seen_ = 0;  // of this frame
  char first_byte_ = 0;
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() { return ZstdDecoder::make(); }

}  // namespace flowgauge
