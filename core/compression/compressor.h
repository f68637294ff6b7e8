// Compression as a stage between rows and their destination. One thread at a time. What it makes of the same input is
// the same in every run: no times, no names in it.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/base/result.h"

namespace flowgauge {

class Compressor {
 public:
  enum class Mode {
    kContinue,
    kFlush,  // all input so far can be read back from the output
    kEnd,    // the end of a member; what follows begins another one
  };

  virtual ~Compressor() = default;
  // Appends to `out`. Errors (kOutput) are of memory alone.
  [[nodiscard]] virtual Result<void> compress(std::string_view input, Mode mode, std::string& out) = 0;
};

// By the end of `path`: .gz, .zst, or null for neither.
[[nodiscard]] Result<std::unique_ptr<Compressor>> compressor_for(std::string_view path);

}  // namespace flowgauge
