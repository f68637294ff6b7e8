// Rows as text. One worker owns one of these for each output, so that the work is done where the rows are made; the
// bytes of several workers are put in order row by row and handed to one Writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/export/schema.h"
#include "core/export/schema_evaluator.h"

namespace flowgauge {

enum class Format {
  kCsv,        // RFC 4180, lines end with \n, quotes only where needed; null: empty; lists: JSON arrays, quoted
  kJsonLines,  // one object a row, keys are the column names
  kTable,      // for a terminal: cells that the table writer aligns
};

// Between the cells of a kTable row; cells have no control characters.
inline constexpr char kCellSeparator = '\x1f';

class Encoder {
 public:
  Encoder(Format format, std::span<const OutputColumn> columns);

  // Appends all rows to `text`; the end of each row in `text` is appended to `row_ends`. Each row ends with "\n".
  void append(const OutputBatch& batch, std::string& text, std::vector<std::size_t>& row_ends);

 private:
  // Some rows of a batch. Cells are written column by column, where one is like the next, and then gathered row by row.
  struct Tile {
    std::uint32_t first = 0;
    std::uint32_t rows = 0;
  };
  void make_room(const OutputBatch& batch, Tile tile);
  void write_columns(const OutputBatch& batch, Tile tile);
  char* write_column(char* out, std::size_t index, const OutputVector& column, Tile tile);
  template <class Cell, class Write>
  char* write_cells(char* out, std::size_t index, const OutputVector& column, Tile tile, const Write& write);
  void gather_rows(Tile tile, std::string& text, std::vector<std::size_t>& row_ends) const;

  Format format_;
  std::vector<std::string> before_;  // what stands before the cell of each column
  std::string null_;                 // in place of a cell
  std::string after_;                // what ends a row
  std::size_t fixed_bytes_ = 0;      // a row takes at most this much, without its strings and lists
  std::unique_ptr<char[]> cells_;    // of a tile, with what stands before them, without gaps
  std::size_t cells_bytes_ = 0;
  std::vector<std::uint32_t> ends_;  // in cells_: of the cell before [column * rows + row]; the first is 0
};

// The line with the column names, "\n" included; empty for kJsonLines.
[[nodiscard]] std::string header_line(Format format, std::span<const OutputColumn> columns);

}  // namespace flowgauge
