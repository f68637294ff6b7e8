// What a feature wrote, as bytes to compare: the same cells are the same bytes, wherever their texts and lists lay.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/plugin/cells.h"
#include "core/plugin/module.h"

namespace flowgauge {

// What is wrong, as a sentence; empty if nothing.
using Finding = std::string;

struct ColumnCells {
  std::vector<std::string> cells;     // by row
  std::vector<std::string> extremes;  // of a series: .min and .max by themselves; else none

  bool operator==(const ColumnCells&) const = default;
};

// By column.
using Rows = std::vector<ColumnCells>;

// As the feature left it: before the host settles anything. `judge_cell` comes first, it looks at the pointers.
[[nodiscard]] ColumnCells read_column(const fg_column& column, const fg_vector& vector, std::size_t row_count);

// A text or list that lies where it must not: reading on could crash.
[[nodiscard]] Finding judge_pointers(const fg_column& column, const fg_vector& vector, std::size_t row_count,
                                     const CellSource& source);
// A double that is not finite, a boolean that is neither 0 nor 1, a text that is not UTF-8, an empty series that is
// not.
[[nodiscard]] Finding judge_cells(const fg_column& column, const fg_vector& vector, std::size_t row_count);

// "iat.fwd: is another in flow 3", of the first cell that differs. `first_row` counts the rows of `b` from there on.
[[nodiscard]] Finding first_difference(const Feature& feature, const Rows& a, const Rows& b, std::size_t first_row = 0);

}  // namespace flowgauge
