// bzip2 through libbz2; what pbzip2 and lbzip2 write are many streams one behind another.
#include <bzlib.h>

#include <limits>

#include "core/compression/decoders.h"
#include "core/compression/member_decoder.h"

namespace flowgauge {
namespace {

std::string_view bzip2_error_text(int status) {
  switch (status) {
    case BZ_DATA_ERROR:
      return "incorrect data check";
    case BZ_DATA_ERROR_MAGIC:
      return "incorrect header check";
    case BZ_MEM_ERROR:
      return "there is not enough memory to decompress it";
    default:
      return "libbz2 gave up";
  }
}

class Bzip2Decoder final : public MemberDecoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<Bzip2Decoder> decoder(new Bzip2Decoder);
    return decoder->begin_member() ? std::move(decoder) : nullptr;
  }
  ~Bzip2Decoder() override { end(); }

 protected:
  Step decode_member(std::span<const char> in, std::span<char> out) override {
    const auto in_size = static_cast<unsigned>(std::min<std::size_t>(in.size(), std::numeric_limits<unsigned>::max()));
    const auto out_size =
        static_cast<unsigned>(std::min<std::size_t>(out.size(), std::numeric_limits<unsigned>::max()));
    stream_.next_in = const_cast<char*>(in.data());  // libbz2 does not write there
    stream_.avail_in = in_size;
    stream_.next_out = out.data();
    stream_.avail_out = out_size;
    const int status = BZ2_bzDecompress(&stream_);
    Step step{in_size - stream_.avail_in, out_size - stream_.avail_out, {}};
    if (status == BZ_STREAM_END) {
      end_member();
    } else if (status != BZ_OK) {
      step.error = bzip2_error_text(status);
    }
    return step;
  }

  bool begin_member() override {
    end();
    begun_ = BZ2_bzDecompressInit(&stream_, 0, 0) == BZ_OK;
    return begun_;
  }

 private:
  Bzip2Decoder() : MemberDecoder('B', "bzip2") {}

  void end() {
    if (begun_) BZ2_bzDecompressEnd(&stream_);
    begun_ = false;
    stream_ = {};
  }

  bz_stream stream_{};
  bool begun_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_bzip2_decoder() { return Bzip2Decoder::make(); }

}  // namespace flowgauge
