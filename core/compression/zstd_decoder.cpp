// zstd (RFC 8878). The library goes from frame to frame by itself, and bounds windows to 128 MiB.
#include <zstd.h>

#include <algorithm>
#include <array>

#include "core/base/handle.h"
#include "core/compression/decoders.h"

namespace flowgauge {
namespace {

constexpr std::size_t kMagicBytes = 4;
// Magic number, descriptor, window, dictionary, content size: RFC 8878 3.1.1.
constexpr std::size_t kMostHeaderBytes = 18;

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
    // For a frame that comes in one piece the library has another way, on which it judges otherwise.
    if (header_bytes_ == 0 && !in.empty()) in = in.first(1);
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(stream_.get(), &output, &input);
    Step step{input.pos, output.pos, {}};
    if (ZSTD_isError(status) != 0) step.error = ZSTD_getErrorName(status);
    if (step.consumed == 0 && step.produced == 0) return step;  // a look at whether it holds output
    note(in.first(step.consumed), step.produced);
    complete_ = status == 0;
    if (!complete_) return step;
    // The library looks at it on that other way alone.
    const unsigned long long size = ZSTD_getFrameContentSize(header_.data(), header_bytes_);
    if (!is_skippable() && size < ZSTD_CONTENTSIZE_ERROR && size != frame_bytes_)
      step.error = "a frame does not have as much content as it says";
    header_bytes_ = frame_bytes_ = 0;
    return step;
  }

  [[nodiscard]] bool complete() const override { return complete_; }

 private:
  ZstdDecoder() = default;

  // The library knows formats older than the RFC's, but only where their magic number comes in one piece.
  [[nodiscard]] bool begins_well(std::span<const char> in) const {
    for (std::size_t i = 0; i < in.size() && header_bytes_ + i < kMagicBytes; ++i) {
      if (!is_magic(header_bytes_ + i, in[i], header_bytes_ == 0 ? in[0] : header_[0])) return false;
    }
    return true;
  }

  void note(std::span<const char> in, std::size_t produced) {
    const std::size_t more = std::min(in.size(), kMostHeaderBytes - header_bytes_);
    std::copy_n(in.begin(), more, header_.begin() + static_cast<std::ptrdiff_t>(header_bytes_));
    header_bytes_ += more;
    frame_bytes_ += produced;
  }

  [[nodiscard]] bool is_skippable() const { return (header_[0] & 0xf0) == 0x50; }

  std::unique_ptr<ZSTD_DStream, Closer<ZSTD_freeDStream>> stream_;
  bool complete_ = false;
  std::array<char, kMostHeaderBytes> header_{};  // the frame's first bytes
  std::size_t header_bytes_ = 0;
  std::size_t frame_bytes_ = 0;  // of content
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() { return ZstdDecoder::make(); }

}  // namespace flowgauge
