#include "core/compression/compressor.h"

#include <zlib.h>
#include <zstd.h>

#include <algorithm>
#include <array>
#include <limits>

#include "core/base/handle.h"

namespace flowgauge {
namespace {

constexpr int kZstdLevel = 3;
constexpr int kGzipLevel = 6;
constexpr std::size_t kPieceBytes = 1 << 16;

class GzipCompressor final : public Compressor {
 public:
  // 16 + 15: a gzip header, the largest window.
  GzipCompressor() : ready_(deflateInit2(&stream_, kGzipLevel, Z_DEFLATED, 16 + 15, 8, Z_DEFAULT_STRATEGY) == Z_OK) {}
  GzipCompressor(const GzipCompressor&) = delete;
  GzipCompressor& operator=(const GzipCompressor&) = delete;
  ~GzipCompressor() override {
    if (ready_) deflateEnd(&stream_);
  }
  [[nodiscard]] bool ready() const { return ready_; }

  Result<void> compress(std::string_view input, Mode mode, std::string& out) override {
    do {  // zlib counts input in 32 bits
      const std::size_t take = std::min<std::size_t>(input.size(), std::numeric_limits<uInt>::max());
      stream_.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(input.data()));
      stream_.avail_in = static_cast<uInt>(take);
      input.remove_prefix(take);
      const bool is_last = input.empty();
      const int flush = !is_last || mode == Mode::kContinue ? Z_NO_FLUSH
                        : mode == Mode::kFlush              ? Z_SYNC_FLUSH
                                                            : Z_FINISH;
      int status = Z_OK;
      do {
        std::array<char, kPieceBytes> piece;
        stream_.next_out = reinterpret_cast<Bytef*>(piece.data());
        stream_.avail_out = piece.size();
        status = deflate(&stream_, flush);
        if (status == Z_STREAM_ERROR) return fail(ExitCode::kOutput, "gzip: the compressor failed");
        out.append(piece.data(), piece.size() - stream_.avail_out);
      } while (stream_.avail_out == 0 || (flush == Z_FINISH && status != Z_STREAM_END));
    } while (!input.empty());
    if (mode == Mode::kEnd && deflateReset(&stream_) != Z_OK)
      return fail(ExitCode::kOutput, "gzip: the compressor failed");
    return {};
  }

 private:
  z_stream stream_{};
  bool ready_;
};

class ZstdCompressor final : public Compressor {
 public:
  ZstdCompressor() : context_(ZSTD_createCCtx()) {
    if (!context_) return;
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kZstdLevel);
    ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
  }
  [[nodiscard]] bool ready() const { return context_ != nullptr; }

  Result<void> compress(std::string_view input, Mode mode, std::string& out) override {
    const ZSTD_EndDirective directive = mode == Mode::kContinue ? ZSTD_e_continue
                                        : mode == Mode::kFlush  ? ZSTD_e_flush
                                                                : ZSTD_e_end;
    ZSTD_inBuffer source{input.data(), input.size(), 0};
    for (;;) {
      std::array<char, kPieceBytes> piece;
      ZSTD_outBuffer target{piece.data(), piece.size(), 0};
      const std::size_t left = ZSTD_compressStream2(context_.get(), &target, &source, directive);
      if (ZSTD_isError(left) != 0) return fail(ExitCode::kOutput, "zstd: {}", ZSTD_getErrorName(left));
      out.append(piece.data(), target.pos);
      if (mode == Mode::kContinue ? source.pos == source.size : left == 0) return {};
    }
  }

 private:
  struct Free {
    void operator()(ZSTD_CCtx* context) const { ZSTD_freeCCtx(context); }
  };
  std::unique_ptr<ZSTD_CCtx, Free> context_;
};

template <class Kind>
Result<std::unique_ptr<Compressor>> made() {
  auto compressor = std::make_unique<Kind>();
  if (!compressor->ready()) return fail(ExitCode::kOutput, "not enough memory to compress the output");
  return compressor;
}

}  // namespace

Result<std::unique_ptr<Compressor>> compressor_for(std::string_view path) {
  if (path.ends_with(".gz")) return made<GzipCompressor>();
  if (path.ends_with(".zst")) return made<ZstdCompressor>();
  return nullptr;
}

}  // namespace flowgauge
