// xz through liblzma. A stream's dictionary may be up to 4 GiB: kMostDecoderBytes bounds it.
#include <fmt/format.h>
#include <lzma.h>

#include "core/compression/decoders.h"
#include "core/compression/member_decoder.h"

namespace flowgauge {
namespace {

class XzDecoder final : public MemberDecoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<XzDecoder> decoder(new XzDecoder);
    return decoder->begin_member() ? std::move(decoder) : nullptr;
  }
  ~XzDecoder() override { lzma_end(&stream_); }

 protected:
  Step decode_member(std::span<const char> in, std::span<char> out) override {
    stream_.next_in = reinterpret_cast<const std::uint8_t*>(in.data());
    stream_.avail_in = in.size();
    stream_.next_out = reinterpret_cast<std::uint8_t*>(out.data());
    stream_.avail_out = out.size();
    const lzma_ret status = lzma_code(&stream_, LZMA_RUN);
    Step step{in.size() - stream_.avail_in, out.size() - stream_.avail_out, {}};
    if (status == LZMA_STREAM_END) {
      end_member();
    } else if (status != LZMA_OK && status != LZMA_BUF_ERROR) {
      step.error = error_text(status);
    }
    return step;
  }

  // Initialising again keeps the memory of the stream before where it can.
  bool begin_member() override { return lzma_stream_decoder(&stream_, kMostDecoderBytes, 0) == LZMA_OK; }

 private:
  XzDecoder() : MemberDecoder('\xfd', "xz") {}

  std::string error_text(lzma_ret status) const {
    switch (status) {
      case LZMA_MEMLIMIT_ERROR:
        return fmt::format("decompressing it takes {} MiB of memory, and at most {} are used; `xz -d` unpacks it",
                           (lzma_memusage(&stream_) + (1 << 20) - 1) >> 20, kMostDecoderBytes >> 20);
      case LZMA_FORMAT_ERROR:
        return "incorrect header check";
      case LZMA_OPTIONS_ERROR:
        return "it uses what this liblzma does not know";
      case LZMA_DATA_ERROR:
        return "incorrect data check";
      case LZMA_MEM_ERROR:
        return "there is not enough memory to decompress it";
      default:
        return "liblzma gave up";
    }
  }

  lzma_stream stream_ = LZMA_STREAM_INIT;
};

}  // namespace

std::unique_ptr<Decoder> make_xz_decoder() { return XzDecoder::make(); }

}  // namespace flowgauge
