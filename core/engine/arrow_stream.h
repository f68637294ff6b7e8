// Record batches of one output as an ArrowArrayStream, as the Arrow C stream interface has it.
#pragma once

#include <memory>
#include <optional>

#include "core/base/result.h"
#include "core/output/arrow_abi.h"

namespace flowgauge {

// What a stream is fed by. One thread at a time; destroyed when the stream is released.
class BatchReader {
 public:
  BatchReader() = default;
  BatchReader(const BatchReader&) = delete;
  BatchReader& operator=(const BatchReader&) = delete;
  virtual ~BatchReader() = default;

  [[nodiscard]] virtual ArrowSchema schema() const = 0;  // to be released
  // Waits. Nothing: the end.
  [[nodiscard]] virtual Result<std::optional<ArrowArray>> next() = 0;
};

// `out` is to be released.
void export_stream(std::unique_ptr<BatchReader> reader, ArrowArrayStream& out);

// As what get_next returns an error: EINVAL, ENOMEM, EACCES, ECANCELED, EIO.
[[nodiscard]] int errno_of(ExitCode code);

}  // namespace flowgauge
