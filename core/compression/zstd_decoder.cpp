// zstd (RFC 8878). The library goes from frame to frame by itself, and bounds windows to 128 MiB.
#include <zstd.h>

#include "core/base/handle.h"
#include "core/compression/decoders.h"

namespace flowgauge {
namespace {

class ZstdDecoder final : public Decoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<ZstdDecoder> decoder(new ZstdDecoder);
    decoder->stream_.reset(ZSTD_createDStream());
    return decoder->stream_ == nullptr ? nullptr : std::move(decoder);
  }

  Step decode(std::span<const char> in, std::span<char> out) override {
    ZSTD_inBuffer input{in.data(), in.size(), 0};
    ZSTD_outBuffer output{out.data(), out.size(), 0};
    const std::size_t status = ZSTD_decompressStream(stream_.get(), &output, &input);
    Step step{input.pos, output.pos, {}};
    if (ZSTD_isError(status) != 0) step.error = ZSTD_getErrorName(status);
    if (step.consumed > 0 || step.produced > 0) complete_ = status == 0;  // not for a look at whether it holds output
    return step;
  }

  [[nodiscard]] bool complete() const override { return complete_; }

 private:
  ZstdDecoder() = default;

  std::unique_ptr<ZSTD_DStream, Closer<ZSTD_freeDStream>> stream_;
  bool complete_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_zstd_decoder() { return ZstdDecoder::make(); }

}  // namespace flowgauge
