// gzip through zlib, where ISA-L cannot be used.
#include <zlib.h>

#include <limits>

#include "core/compression/decoders.h"
#include "core/compression/member_decoder.h"

namespace flowgauge {
namespace {

class ZlibGzipDecoder final : public MemberDecoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<ZlibGzipDecoder> decoder(new ZlibGzipDecoder);
    // 15: the largest window; 16: a gzip header and trailer, nothing else.
    if (inflateInit2(&decoder->stream_, 15 + 16) != Z_OK) return nullptr;
    decoder->begun_ = true;
    return decoder;
  }
  ~ZlibGzipDecoder() override {
    if (begun_) inflateEnd(&stream_);
  }

 protected:
  Step decode_member(std::span<const char> in, std::span<char> out) override {
    const auto in_size = static_cast<uInt>(std::min<std::size_t>(in.size(), std::numeric_limits<uInt>::max()));
    const auto out_size = static_cast<uInt>(std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib does not write there
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = out_size;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    Step step{in_size - stream_.avail_in, out_size - stream_.avail_out, {}};
    if (status == Z_STREAM_END) {
      end_member();
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      step.error = stream_.msg != nullptr ? stream_.msg : "zlib gave up";
    }
    return step;
  }

  bool begin_member() override { return inflateReset(&stream_) == Z_OK; }

 private:
  ZlibGzipDecoder() : MemberDecoder('\x1f', "gzip") {}

  z_stream stream_{};
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_zlib_gzip_decoder() { return ZlibGzipDecoder::make(); }

}  // namespace flowgauge
