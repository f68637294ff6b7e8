// lz4 frames through liblz4, which goes from frame to frame by itself. Blocks are 4 MiB at most.
#include <lz4frame.h>

#include "core/base/handle.h"
#include "core/compression/decoders.h"

namespace flowgauge {
namespace {

class Lz4Decoder final : public Decoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<Lz4Decoder> decoder(new Lz4Decoder);
    LZ4F_dctx* context = nullptr;
    if (LZ4F_isError(LZ4F_createDecompressionContext(&context, LZ4F_VERSION)) != 0) return nullptr;
    decoder->context_.reset(context);
    return decoder;
  }

  Step decode(std::span<const char> in, std::span<char> out) override {
    std::size_t consumed = in.size();
    std::size_t produced = out.size();
    const std::size_t status = LZ4F_decompress(context_.get(), out.data(), &produced, in.data(), &consumed, nullptr);
    if (LZ4F_isError(status) != 0) return {0, 0, LZ4F_getErrorName(status)};
    if (consumed > 0 || produced > 0) complete_ = status == 0;
    return {consumed, produced, {}};
  }

  [[nodiscard]] bool complete() const override { return complete_; }

 private:
  Lz4Decoder() = default;

  std::unique_ptr<LZ4F_dctx, Closer<LZ4F_freeDecompressionContext>> context_;
  bool complete_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_lz4_decoder() { return Lz4Decoder::make(); }

}  // namespace flowgauge
