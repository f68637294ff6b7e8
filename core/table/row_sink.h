// Rows of an output on their way: a worker fills blocks of them, a sink takes the blocks' rows in output order. What a
// row becomes - text, or columns - is the sink's and its blocks' own; nobody else knows.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/plugin/sink_conditions.h"
#include "core/table/existing_file.h"
#include "core/table/schema.h"
#include "core/table/schema_evaluator.h"

namespace flowgauge {

// Rows of one output, in the order of their release. One worker fills it; then the writing thread reads it, and gives
// it back. A block is used again, so that in the long run it takes no memory.
class RowBlock {
 public:
  virtual ~RowBlock() = default;

  virtual void append(const OutputBatch& batch) = 0;
  // Forgets all rows behind the first so many.
  virtual void cut(std::size_t rows) = 0;
  [[nodiscard]] virtual std::size_t rows() const = 0;
};

// Some rows of a block, one after the other. The block was made for the sink's output.
struct RowRun {
  const RowBlock* block;
  std::size_t first;
  std::size_t rows;
};

// kClosed: whoever read the rows went away. No error: the run may end quietly.
enum class SinkState { kOpen, kClosed };

enum class Finish {
  kComplete,     // the file gets its name
  kKeepPartial,  // interrupted, damaged input, error: PATH.part stays
  kDiscard,      // the run never began: nothing is written, and no file left
};

enum class FlushReach {
  kAll,        // all rows, for live runs: how a table is compressed or aligned then depends on when rows came
  kSameBytes,  // what is decided: a compressor keeps what it gathers, and the first rows of an aligned table wait for
               // more, but for a terminal
};

// What a table's rows come from and what became of them, as JSON (core/engine/table_metadata.h); made when it is asked
// for.
using Account = std::function<std::string()>;

// Where the rows of one output go. One thread at a time.
class RowSink {
 public:
  virtual ~RowSink() = default;

  // Rows in output order. Errors are kOutput and say what was kept where; after one, only finish(kKeepPartial) makes
  // sense. The blocks may change once this returns.
  [[nodiscard]] virtual Result<SinkState> write(std::span<const RowRun> runs) = 0;
  // What was written so far reaches the destination.
  [[nodiscard]] virtual Result<SinkState> flush(FlushReach reach) = 0;
  // Of a sink whose place is a file: the name that it gets at its end, in place of the one it was asked for. Before
  // finish().
  virtual void set_name(const std::string&) {}
  // How large that file is, with what waits to be written; compressed rows count where the compressor gave them.
  [[nodiscard]] virtual std::uint64_t bytes() const { return 0; }
  // Once, at the end. Without it the destructor keeps the partial file. `account`: for those that keep it with the
  // rows.
  [[nodiscard]] virtual Result<SinkState> finish(Finish how, const Account& account) = 0;
  // Rows that are where they belong, as far as it is certain: after finish() all that can be found there. Compressed
  // ones that could not be written to their end are certain up to the last flush.
  [[nodiscard]] virtual std::uint64_t rows() const = 0;
  // Where the rows are now, for messages: PATH.part, after finish(kComplete) PATH; "standard output".
  [[nodiscard]] virtual const std::string& location() const = 0;
};

// Keys and values, in order, for readers of a table: "flowgauge.unit", "us".
using Notes = std::vector<std::pair<std::string, std::string>>;
struct TableNotes {
  Notes table;
  std::vector<Notes> columns;  // of each
};

struct SinkRequest {
  std::string path = "-";  // "-" or empty: standard output; .gz and .zst compress text
  std::span<const OutputColumn> columns;
  bool header = true;  // the line with the column names, of kinds that have one
  ExistingFile existing = ExistingFile::kRefuse;
  bool name_follows = false;               // set_name() says what the file is called; PATH alone is none
  bool is_live = false;                    // flush() comes now and then
  const StopRequest* stop = nullptr;       // ends the wait for a reader of a named pipe
  std::optional<std::uint32_t> mode = {};  // of a file; none: what the process's mask leaves of 0666
  std::function<TableNotes()> notes = {};
  std::shared_ptr<SinkConditions> conditions = {};  // for sinks that say what is wrong with their place
};

// A kind of sink (sink_kinds.h).
struct SinkKind {
  enum class Place : std::uint8_t { kFile, kOwn };  // kOwn: the path is no file, but what the sink makes of it
  std::string name;                                 // in profiles, on the command line, in metadata
  std::string ending;                               // of the names of its files, before that of a compression
  bool has_header;                                  // a line with the column names
  std::function<std::unique_ptr<RowBlock>(std::span<const OutputColumn> columns)> make_block;  // any thread
  // Fails with kOutput.
  std::function<Result<std::unique_ptr<RowSink>>(const SinkRequest& request)> open;
  Place place = Place::kFile;
  bool can_append = false;  // rows behind those of a file that exists
};

}  // namespace flowgauge
