// Some rows of a table, as its reader found them: cells as text, row by row. What the cells show is the reader's, until
// it reads the next block.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace flowgauge {

struct Cell {
  // kPlain: what it is, its text says. kText: it is text, also where it looks like a number. An empty cell is missing.
  enum class Form : std::uint8_t { kPlain, kText };
  std::string_view text{};
  Form form = Form::kPlain;
};

struct CellBlock {
  // Cells that fit into a processor's cache; a block has one row at least.
  static constexpr std::size_t kMostCells = std::size_t{1} << 14;

  std::size_t columns = 0;
  std::size_t rows = 0;
  std::vector<Cell> cells;  // rows * columns

  void clear(std::size_t column_count) {
    columns = column_count;
    rows = 0;
    cells.clear();
  }
  [[nodiscard]] bool is_full() const { return rows > 0 && cells.size() + columns > kMostCells; }
  [[nodiscard]] const Cell& cell(std::size_t row, std::size_t column) const { return cells[row * columns + column]; }
};

}  // namespace flowgauge
