// Reads a table of any format row by row, in blocks. Memory is bounded however long the table is. Errors are kInput and
// name the table and the line; the stop request is kInterrupted. Single-threaded.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/ingest/compressed_stream.h"
#include "core/summary/cell_block.h"

namespace flowgauge {

// What a reader met and left out.
struct LeftOut {
  std::uint64_t blank_lines = 0;
  std::uint64_t repeated_headers = 0;
};

class TableReader {
 public:
  static constexpr std::size_t kMostColumns = 20'000;

  TableReader() = default;
  TableReader(const TableReader&) = delete;
  TableReader& operator=(const TableReader&) = delete;
  virtual ~TableReader() = default;

  // Rows, at least one; false: there are no more. An error comes behind the last row before it.
  [[nodiscard]] virtual Result<bool> read(CellBlock& block) = 0;
  // Of the columns of the last block. More may come at the end with the next one: of JSON.
  [[nodiscard]] virtual const std::vector<std::string>& names() const = 0;
  // "CSV"
  [[nodiscard]] virtual std::string_view format() const = 0;
  [[nodiscard]] virtual std::string_view compression() const = 0;  // "gzip"; empty: none
  [[nodiscard]] virtual const LeftOut& left_out() const = 0;
  // The account inside the file, a JSON document; empty: there is none.
  [[nodiscard]] virtual std::string account() const { return {}; }
};

struct TableOpening {
  const StopRequest& stop;
  std::atomic<std::uint64_t>* bytes_read = nullptr;  // counts stored bytes
  std::string parquet_rows{};                        // the helper that reads Parquet; empty: it is not there
  std::vector<std::string> known_columns{};          // of tables before: JSON has no order of its own
};

// By what its first bytes are. "-": standard input.
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_table(const std::string& path, const TableOpening& opening);

// From a stream, whatever it comes out of.
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_csv(std::unique_ptr<CompressedStream> stream);
[[nodiscard]] Result<std::unique_ptr<TableReader>> open_jsonl(std::unique_ptr<CompressedStream> stream,
                                                              const std::vector<std::string>& known_columns);

}  // namespace flowgauge
