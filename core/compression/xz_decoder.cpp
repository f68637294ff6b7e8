// xz through liblzma. A stream's dictionary may be up to 4 GiB: kMostDecoderBytes bounds it.
#include <fmt/format.h>
#include <lzma.h>

#include <algorithm>
#include <string>

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
    note_begin(in.first(step.consumed));
    if (status == LZMA_STREAM_END) {
      end_member();
    } else if (status != LZMA_OK && status != LZMA_BUF_ERROR) {
      step.error = error_text(status);
      if (has_filters()) step.produced = 0;  // where data is damaged, it is given as it was before they undid it
    }
    return step;
  }

  // Initialising again keeps the memory of the stream before where it can.
  bool begin_member() override {
    begin_.clear();
    return lzma_stream_decoder(&stream_, kMostDecoderBytes, 0) == LZMA_OK;
  }

 private:
  // Up to the flags of the first block: .xz format 1.1.0, 2.1.1 and 3.1.2.
  static constexpr std::size_t kBeginBytes = 14;

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

  void note_begin(std::span<const char> in) {
    begin_.append(in.data(), std::min(in.size(), kBeginBytes - begin_.size()));
  }
  // Beside LZMA2, which comes last.
  [[nodiscard]] bool has_filters() const { return begin_.size() == kBeginBytes && (begin_.back() & 3) != 0; }

  lzma_stream stream_ = LZMA_STREAM_INIT;
  std::string begin_;  // of the stream
};

}  // namespace

std::unique_ptr<Decoder> make_xz_decoder() { return XzDecoder::make(); }

}  // namespace flowgauge
