// Rows as text. One worker owns one of these for each output, so that the work is done where the rows are made; the
// bytes of several workers are put in order row by row and handed to one Writer.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "core/export/cell_slots.h"
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
  // Some rows of a batch.
  struct Tile {
    std::uint32_t first = 0;
    std::uint32_t rows = 0;
  };
  void write_column(std::size_t index, const OutputVector& column, Tile tile);
  template <class Cell, class Write>
  void write_cells(std::size_t index, const OutputVector& column, Tile tile, const Write& write);
  void gather_rows(Tile tile, std::string& text, std::vector<std::size_t>& row_ends) const;

  Format format_;
  std::vector<std::string> before_;  // what stands before the cell of each column, if not the separator of slots_
  std::size_t before_bytes_ = 0;     // of all of them
  std::string null_;                 // in place of a cell
  std::string after_;                // what ends a row
  CellSlots slots_;                  // of a tile
};

// The line with the column names, "\n" included; empty for kJsonLines.
[[nodiscard]] std::string header_line(Format format, std::span<const OutputColumn> columns);

}  // namespace flowgauge
