#include "core/compression/zstd_frame.h"

#include <zstd.h>

namespace flowgauge {
namespace {

constexpr int kFrameLevel = 1;  // of 24 bytes a packet a higher one saves less than one

}  // namespace

FramePacker::FramePacker() : context_(ZSTD_createCCtx()) {
  if (!context_) return;
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_compressionLevel, kFrameLevel);
  ZSTD_CCtx_setParameter(context_.get(), ZSTD_c_checksumFlag, 1);
}

Result<void> FramePacker::pack(std::string_view bytes, std::string& out) {
  if (!context_) return fail(ExitCode::kMemory, "out of memory: nothing can be compressed");
  const std::size_t begin = out.size();
  out.resize(begin + ZSTD_compressBound(bytes.size()));
  const std::size_t packed =
      ZSTD_compress2(context_.get(), out.data() + begin, out.size() - begin, bytes.data(), bytes.size());
  if (ZSTD_isError(packed) != 0) return fail(ExitCode::kMemory, "zstd: {}", ZSTD_getErrorName(packed));
  out.resize(begin + packed);
  return {};
}

FrameUnpacker::FrameUnpacker() : context_(ZSTD_createDCtx()) {}

bool FrameUnpacker::unpack(std::string_view frame, std::span<char> out) {
  if (!context_) return false;
  return ZSTD_findFrameCompressedSize(frame.data(), frame.size()) == frame.size() &&
         ZSTD_decompressDCtx(context_.get(), out.data(), out.size(), frame.data(), frame.size()) == out.size();
}

void FramePacker::Free::operator()(ZSTD_CCtx_s* context) const noexcept { ZSTD_freeCCtx(context); }
void FrameUnpacker::Free::operator()(ZSTD_DCtx_s* context) const noexcept { ZSTD_freeDCtx(context); }

}  // namespace flowgauge
