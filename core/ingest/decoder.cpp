#include "core/ingest/decoder.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <limits>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

class GzipDecoder final : public Decoder {
 public:
  static std::unique_ptr<Decoder> make() {
    std::unique_ptr<GzipDecoder> decoder(new GzipDecoder);
    // 15: the largest window; 16: a gzip header and trailer, nothing else.
    if (inflateInit2(&decoder->stream_, 15 + 16) != Z_OK) return nullptr;
    decoder->begun_ = true;
    return decoder;
  }
  ~GzipDecoder() override {
    if (begun_) inflateEnd(&stream_);
  }

  Step decode(std::span<const char> in, std::span<char> out) override {
    if (between_members_) return begin_member(in);
    const auto in_size = static_cast<uInt>(std::min<std::size_t>(in.size(), std::numeric_limits<uInt>::max()));
    const auto out_size = static_cast<uInt>(std::min<std::size_t>(out.size(), std::numeric_limits<uInt>::max()));
    stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(in.data()));  // zlib does not write there
    stream_.avail_in = in_size;
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = out_size;
    const int status = inflate(&stream_, Z_NO_FLUSH);
    Step step{in_size - stream_.avail_in, out_size - stream_.avail_out, {}};
    if (status == Z_STREAM_END) {
      between_members_ = true;
    } else if (status != Z_OK && status != Z_BUF_ERROR) {
      step.error = stream_.msg != nullptr ? stream_.msg : "zlib gave up";
    }
    return step;
  }

  [[nodiscard]] bool complete() const override { return between_members_; }

 private:
  GzipDecoder() = default;

  // Tapes and some tools pad with zeros; RFC 1952 2.2 allows another member, and nothing else.
  Step begin_member(std::span<const char> in) {
    const auto zeros = static_cast<std::size_t>(std::ranges::find_if(in, [](char c) { return c != 0; }) - in.begin());
    if (zeros > 0) return {zeros, 0, {}};
    if (in.front() != '\x1f') return {0, 0, "bytes that are not gzip follow the compressed data"};
    inflateReset(&stream_);
    between_members_ = false;
    return {};
  }

  z_stream stream_{};
  bool begun_ = false;
  bool between_members_ = false;
};

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
    complete_ = status == 0;
    return step;
  }

  [[nodiscard]] bool complete() const override { return complete_; }

 private:
  ZstdDecoder() = default;

  std::unique_ptr<ZSTD_DStream, Closer<ZSTD_freeDStream>> stream_;
  bool complete_ = false;
};

}  // namespace

std::unique_ptr<Decoder> make_gzip_decoder() { return GzipDecoder::make(); }
std::unique_ptr<Decoder> make_zstd_decoder() { return ZstdDecoder::make(); }

}  // namespace flowgauge
