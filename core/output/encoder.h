// Rows as text. One worker owns one of these for each output, so that the work is done where the rows are made; the
// bytes of several workers are put in order row by row and handed to one Writer.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "core/output/row_texts.h"
#include "core/output/table_format.h"
#include "core/table/schema.h"
#include "core/table/schema_evaluator.h"

namespace flowgauge {

// Between the cells of a kPrint row; cells have no control characters.
inline constexpr char kCellSeparator = '\x1f';

class Encoder {
 public:
  Encoder(TableFormat format, std::span<const OutputColumn> columns);

  // Appends all rows to `text`; the end of each row in `text` is appended to `row_ends`. Each row ends with "\n".
  void append(const OutputBatch& batch, std::string& text, std::vector<std::size_t>& row_ends);

 private:
  // Some rows of a batch.
  struct Tile {
    std::uint32_t first = 0;
    std::uint32_t rows = 0;
  };
  void write_column(const OutputVector& column, char separator, Tile tile);
  template <class Number>
  const Number* numbers(const OutputVector& column, Tile tile);
  template <class List, class Write>
  void write_lists(const OutputVector& column, char separator, Tile tile, std::size_t item_bytes, const Write& write);
  void write_text_lists(const OutputVector& column, char separator, Tile tile);
  void write_other_column(const OutputVector& column, char separator, Tile tile);
  template <class Cell, class MostBytes, class Write>
  void write_cells(const OutputVector& column, char separator, Tile tile, const MostBytes& most_bytes,
                   const Write& write);
  void write_name(std::string_view name);
  void end_rows(Tile tile, std::string& text, std::vector<std::size_t>& row_ends) const;

  TableFormat format_;
  std::size_t columns_;
  char separator_;
  std::vector<std::string> before_;  // what stands before the cell of each column, if not a separator
  std::string null_;                 // in place of a cell
  std::string after_;                // what ends a row
  RowTexts rows_;                    // of a tile
  template <class Number>
  using TileNumbers = std::array<Number, RowTexts::kRows>;
  std::tuple<TileNumbers<std::uint64_t>, TileNumbers<std::int64_t>, TileNumbers<double>> padded_;
};

// The line with the column names, "\n" included; empty for kJsonLines.
[[nodiscard]] std::string header_line(TableFormat format, std::span<const OutputColumn> columns);

}  // namespace flowgauge
