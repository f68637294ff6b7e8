// A buffer as one frame of zstd with a checksum, and back: for pieces of a file that are read one by one. One thread
// at a time uses an object.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"

struct ZSTD_CCtx_s;
struct ZSTD_DCtx_s;

namespace flowgauge {

class FramePacker {
 public:
  FramePacker();
  // Appends the frame to `out`. Errors (kMemory) are of memory alone.
  [[nodiscard]] Result<void> pack(std::string_view bytes, std::string& out);

 private:
  struct Free {
    void operator()(ZSTD_CCtx_s* context) const noexcept;
  };
  std::unique_ptr<ZSTD_CCtx_s, Free> context_;
};

class FrameUnpacker {
 public:
  FrameUnpacker();
  // Whether `frame` is one frame that is not damaged and holds as many bytes as `out`, which it fills.
  [[nodiscard]] bool unpack(std::string_view frame, std::span<char> out);

 private:
  struct Free {
    void operator()(ZSTD_DCtx_s* context) const noexcept;
  };
  std::unique_ptr<ZSTD_DCtx_s, Free> context_;
};

}  // namespace flowgauge
