// The decoders by their libraries, one file for each. Null if memory is short. For make_decoder() and for tests.
#pragma once

#include <memory>

#include "core/compression/decoder.h"

namespace flowgauge {

// Whether ISA-L was there when flowgauge was built, and this processor has the instructions that make it the faster
// one.
[[nodiscard]] bool isal_is_usable();

[[nodiscard]] std::unique_ptr<Decoder> make_isal_gzip_decoder();  // null also where it is not usable
[[nodiscard]] std::unique_ptr<Decoder> make_zlib_gzip_decoder();
[[nodiscard]] std::unique_ptr<Decoder> make_zstd_decoder();
[[nodiscard]] std::unique_ptr<Decoder> make_bzip2_decoder();
[[nodiscard]] std::unique_ptr<Decoder> make_xz_decoder();
[[nodiscard]] std::unique_ptr<Decoder> make_lz4_decoder();

}  // namespace flowgauge
