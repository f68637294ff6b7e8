#include "core/check/rows.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdint>
#include <span>
#include <string_view>

#include "core/base/validity.h"
#include "core/text/table_text.h"

namespace flowgauge {
namespace {

template <class T>
const T& item(const fg_vector& vector, std::size_t row) {
  return static_cast<const T*>(vector.cells)[row];
}

template <class T>
std::string bytes_of(const T& value) {
  return {reinterpret_cast<const char*>(&value), sizeof value};
}

std::span<const fg_string> texts_of(const fg_vector& vector, std::size_t row) {
  const auto& list = item<fg_list_string>(vector, row);
  return {list.data, list.size};
}

std::string bytes_of_cell(fg_type type, const fg_vector& vector, std::size_t row) {
  switch (type) {
    case FG_STRING: {
      const auto& text = item<fg_string>(vector, row);
      return text.size_bytes == 0 ? std::string() : std::string(text.data, text.size_bytes);
    }
    case FG_LIST_STRING: {
      std::string all;
      for (const fg_string& text : texts_of(vector, row))
        all += bytes_of(text.size_bytes) + (text.size_bytes == 0 ? "" : std::string(text.data, text.size_bytes));
      return all;
    }
    case FG_LIST_U64:
    case FG_LIST_I64:
    case FG_LIST_F64: {
      const auto& list = item<fg_list_u64>(vector, row);
      return list.size == 0 ? std::string()
                            : std::string(reinterpret_cast<const char*>(list.data), list.size * sizeof(std::uint64_t));
    }
    case FG_SERIES: {
      const auto& series = item<fg_series>(vector, row);
      return bytes_of(series.count) + bytes_of(series.sum) + bytes_of(series.sum_squares_low) +
             bytes_of(series.sum_squares_high);
    }
    default:
      return {static_cast<const char*>(vector.cells) + row * cell_bytes(type), cell_bytes(type)};
  }
}

Finding judge_cell(const fg_column& column, const fg_vector& vector, std::size_t row) {
  switch (column.type) {
    case FG_F64:
      if (const double value = item<double>(vector, row); !std::isfinite(value)) {
        return fmt::format("is {} in a row; test the divisor, or write null", value);
      }
      return {};
    case FG_BOOL:
      if (const auto value = item<std::uint8_t>(vector, row); value > 1) {
        return fmt::format("is {} in a row, but a boolean is 0 or 1", value);
      }
      return {};
    case FG_STRING: {
      const auto& text = item<fg_string>(vector, row);
      if (text.size_bytes > 0 && !is_table_text({text.data, text.size_bytes}))
        return "is not UTF-8 without NUL in a row; encode it";
      return {};
    }
    case FG_LIST_STRING:
      for (const fg_string& text : texts_of(vector, row))
        if (text.size_bytes > 0 && !is_table_text({text.data, text.size_bytes}))
          return "has an item that is not UTF-8 without NUL in a row; encode it";
      return {};
    case FG_LIST_F64: {
      const auto& list = item<fg_list_f64>(vector, row);
      for (const double value : std::span(list.data, list.size))
        if (!std::isfinite(value)) return fmt::format("has the item {} in a row; test the divisor", value);
      return {};
    }
    case FG_SERIES: {
      const auto& series = item<fg_series>(vector, row);
      if (series.count > 0) return {};
      if (series.sum == 0 && series.sum_squares_low == 0 && series.sum_squares_high == 0 && series.min == 0 &&
          series.max == 0) {
        return {};
      }
      return "has values in a series whose count is 0; an empty series is all 0";
    }
    default:
      return {};
  }
}

}  // namespace

ColumnCells read_column(const fg_column& column, const fg_vector& vector, std::size_t row_count) {
  ColumnCells told;
  for (std::size_t row = 0; row < row_count; ++row) {
    const bool null = is_null(vector, row);
    told.cells.push_back(null ? "null" : "=" + bytes_of_cell(column.type, vector, row));
    if (column.type != FG_SERIES) continue;
    const auto& series = item<fg_series>(vector, row);
    told.extremes.push_back(null ? "null" : "=" + bytes_of(series.min) + bytes_of(series.max));
  }
  return told;
}

Finding judge_pointers(const fg_column& column, const fg_vector& vector, std::size_t row_count,
                       const CellSource& source) {
  for (std::size_t row = 0; row < row_count; ++row) {
    const void* data = vector.cells;
    std::uint64_t size = 0;
    if (column.type == FG_STRING) {
      data = item<fg_string>(vector, row).data;
      size = item<fg_string>(vector, row).size_bytes;
    } else if (is_list(column.type)) {
      data = item<fg_list_u64>(vector, row).data;
      size = item<fg_list_u64>(vector, row).size;
    }
    if (size > 0 && data == nullptr) return fmt::format("has size {} without data; test what arena_alloc gave", size);
  }
  const CellFault fault =
      source.constants == nullptr ? CellFault::kNone : judge_places(column, vector, row_count, source);
  return fault == CellFault::kNone ? Finding() : fault_text(fault, column) + "; copy it";
}

Finding judge_cells(const fg_column& column, const fg_vector& vector, std::size_t row_count) {
  for (std::size_t row = 0; row < row_count; ++row) {
    if (is_null(vector, row)) continue;
    if (Finding wrong = judge_cell(column, vector, row); !wrong.empty()) return wrong;
  }
  return {};
}

Finding first_difference(const Feature& feature, const Rows& a, const Rows& b, std::size_t first_row) {
  for (std::size_t c = 0; c < feature.columns.size() && c < a.size() && c < b.size(); ++c) {
    for (std::size_t row = 0; row < b[c].cells.size(); ++row) {
      const bool same = a[c].cells[first_row + row] == b[c].cells[row] &&
                        (b[c].extremes.empty() || a[c].extremes[first_row + row] == b[c].extremes[row]);
      if (!same)
        return fmt::format("{}.{}: is another in flow {}", feature.name, feature.columns[c].name, first_row + row);
    }
  }
  return {};
}

}  // namespace flowgauge
