// Reads a CSV table that has the columns of the release order (core/flow/flow_columns.h), row by row.
// It holds one row and a buffer, however long the table. Errors are kInput and name the table, but for the stop request
// that ends the wait for a pipe.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/handle.h"
#include "core/base/result.h"
#include "core/base/stop_request.h"
#include "core/packet/batch.h"

namespace flowgauge {

// Which columns of a merged table are written.
enum class MergedColumns { kWithoutOrder, kAll };

class OrderedTable {
 public:
  // Reads the header. "-": standard input. `stop` outlives the table.
  [[nodiscard]] static Result<std::unique_ptr<OrderedTable>> open(const std::string& path, const StopRequest& stop);

  // Reads the next row; false: there is none. An error too where the row does not come behind the one before it.
  [[nodiscard]] Result<bool> next();

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] const std::vector<std::string>& names() const { return names_; }
  // Of the row that next() read; before the first, append() has the header.
  [[nodiscard]] const ReleaseOrder& order() const { return order_; }
  void append(MergedColumns columns, std::string& out) const;

 private:
  struct Cell {  // in the buffer
    std::size_t begin;
    std::size_t end;
  };

  OrderedTable(FileDescriptor fd, std::string path, const StopRequest& stop)
      : fd_(std::move(fd)), path_(std::move(path)), stop_(stop) {}
  Result<void> read_header();
  Result<bool> read_row();
  bool find_cells();
  Result<void> fill();
  [[nodiscard]] Result<void> wait() const;
  Result<ReleaseOrder> read_order() const;
  [[nodiscard]] std::string_view text_of(std::size_t cell) const;
  [[nodiscard]] std::unexpected<Error> refused(std::string_view what) const;

  FileDescriptor fd_;
  std::string path_;
  const StopRequest& stop_;
  std::string buffer_;
  std::size_t row_ = 0;  // where the row that was read last begins and ends in the buffer
  std::size_t row_end_ = 0;
  std::vector<Cell> cells_;  // of that row
  bool at_end_ = false;
  std::vector<std::string> names_;
  std::vector<std::size_t> order_columns_;                 // as kReleaseColumns
  std::vector<std::pair<std::size_t, std::size_t>> runs_;  // first and last of neighbouring columns that are others
  std::uint64_t rows_ = 0;
  ReleaseOrder order_;
};

}  // namespace flowgauge
