// Rows as the bytes of their cells: to be compared, and quicker made than text.
#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"
#include "core/table/row_sink.h"
#include "tests/fuzz/target.h"

namespace flowgauge::test {

class CellBlock final : public RowBlock {
 public:
  void append(const OutputBatch& batch) override {
    for (std::uint32_t row = 0; row < batch.rows; ++row) {
      std::string bytes;
      for (const OutputVector& column : batch.columns) append_cell(column, row, bytes);
      rows_.push_back(std::move(bytes));
    }
  }
  void cut(std::size_t rows) override { rows_.resize(rows); }
  [[nodiscard]] std::size_t rows() const override { return rows_.size(); }

  [[nodiscard]] const std::string& bytes(std::size_t row) const { return rows_[row]; }

 private:
  template <class Cell>
  static const Cell& cell_of(const OutputVector& column, std::uint32_t row) {
    return static_cast<const Cell*>(column.cells)[row];
  }
  template <class Item>
  static void append_items(const Item* items, std::uint64_t count, std::string& bytes) {
    bytes.append(reinterpret_cast<const char*>(&count), sizeof count);
    if (count != 0) bytes.append(reinterpret_cast<const char*>(items), count * sizeof(Item));
  }

  static void append_cell(const OutputVector& column, std::uint32_t row, std::string& bytes) {
    bytes += column.is_null(row) ? '\0' : '\1';
    if (column.is_null(row)) return;
    switch (column.type) {
      case FG_U64:
      case FG_I64:
      case FG_TIME:
        return append_items(&cell_of<std::uint64_t>(column, row), 1, bytes);
      case FG_F64:
        must_hold(std::isfinite(cell_of<double>(column, row)), "a number that is none is null");
        return append_items(&cell_of<double>(column, row), 1, bytes);
      case FG_BOOL:
        must_hold(cell_of<std::uint8_t>(column, row) <= 1, "a bool is 0 or 1");
        return append_items(&cell_of<std::uint8_t>(column, row), 1, bytes);
      case FG_STRING:
        return append_items(cell_of<fg_string>(column, row).data, cell_of<fg_string>(column, row).size_bytes, bytes);
      case FG_LIST_U64:
      case FG_LIST_I64:
      case FG_LIST_F64: {  // all of the same shape
        const auto& list = cell_of<fg_list_u64>(column, row);
        return append_items(list.data, list.size, bytes);
      }
      case FG_LIST_STRING: {
        const auto& list = cell_of<fg_list_string>(column, row);
        append_items(list.data, 0, bytes);
        for (std::uint64_t i = 0; i < list.size; ++i) append_items(list.data[i].data, list.data[i].size_bytes, bytes);
        return;
      }
      default:
        must_hold(false, "a column of a table has one of these types");
    }
  }

  std::vector<std::string> rows_;
};

}  // namespace flowgauge::test
