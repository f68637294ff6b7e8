// Where encoded rows go: a file, compressed or not, or standard output. One thread at a time.
// A file is written as PATH.part and gets its name in finish(kComplete), so that a file of that name is always whole.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/output/encoder.h"
#include "core/output/file_mode.h"
#include "core/table/row_sink.h"

namespace flowgauge {

struct WriterOptions {
  std::string path = "-";  // "-" or empty: standard output; .gz and .zst compress
  TableFormat format = TableFormat::kCsv;
  bool header = true;  // of kCsv and kTable: the line with the column names
  ExistingFile existing = ExistingFile::kRefuse;
  bool is_live = false;       // rows come once: what a dead run left of them is added to a file that is appended to
  bool name_follows = false;  // set_name() says what the file is called; PATH alone is none
  const StopRequest* stop = nullptr;  // ends the wait for a reader of a named pipe
  std::optional<FileMode> mode = {};
};

class Writer {
 public:
  virtual ~Writer() = default;

  // `count` whole rows of an Encoder of the same format, in output order. Errors are kOutput and say what was kept
  // where; after one, only finish(kKeepPartial) makes sense.
  [[nodiscard]] virtual Result<SinkState> write(std::string_view rows, std::uint64_t count) = 0;
  // What was written so far reaches the destination.
  [[nodiscard]] virtual Result<SinkState> flush(FlushReach reach) = 0;
  // As those of RowSink.
  virtual void set_name(const std::string& path) = 0;
  [[nodiscard]] virtual std::uint64_t bytes() const = 0;
  // Once, at the end. Without it the destructor keeps the partial file.
  [[nodiscard]] virtual Result<SinkState> finish(Finish how) = 0;
  // Rows that are where they belong, as far as it is certain: after finish() all that can be found there. Compressed
  // ones that could not be written to their end are certain up to the last flush.
  [[nodiscard]] virtual std::uint64_t rows() const = 0;
  // Where the bytes are now, for messages: PATH.part, after finish(kComplete) PATH; "standard output".
  [[nodiscard]] virtual const std::string& location() const = 0;
};

// Refuses an existing file as `existing` says (kOutput). Of a pipe, the process ignores
// SIGPIPE: a reader that goes away shall be an error of a write, not the end of the process.
[[nodiscard]] Result<std::unique_ptr<Writer>> open_writer(const WriterOptions& options,
                                                          std::span<const OutputColumn> columns);

}  // namespace flowgauge
