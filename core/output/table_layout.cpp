#include "core/output/table_layout.h"

#include <algorithm>

#include "core/output/encoder.h"

namespace flowgauge {
namespace {

constexpr std::size_t kGap = 2;

// Characters, not bytes: those that do not continue one.
std::size_t width_of(std::string_view cell) {
  return static_cast<std::size_t>(
      std::count_if(cell.begin(), cell.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U; }));
}

// Calls each(column, cell); `row` is without its line end.
template <class Each>
void for_each_cell(std::string_view row, Each each) {
  for (std::size_t column = 0;; ++column) {
    const std::size_t end = row.find(kCellSeparator);
    each(column, row.substr(0, end));
    if (end == std::string_view::npos) return;
    row.remove_prefix(end + 1);
  }
}

template <class Each>
void for_each_row(std::string_view rows, Each each) {
  while (!rows.empty()) {
    const std::size_t end = rows.find('\n');
    each(rows.substr(0, end));
    if (end == std::string_view::npos) return;
    rows.remove_prefix(end + 1);
  }
}

}  // namespace

TableLayout::TableLayout(std::span<const OutputColumn> columns, bool header) : widths_(columns.size(), 0) {
  for (const OutputColumn& column : columns) {
    right_.push_back(column.type != FG_STRING && !is_list(column.type));
  }
  if (header) {
    header_ = header_line(TableFormat::kPrint, columns);
    header_.pop_back();
    widen(header_);
  }
}

void TableLayout::widen(std::string_view row) {
  for_each_cell(row, [&](std::size_t column, std::string_view cell) {
    if (column < widths_.size()) widths_[column] = std::max(widths_[column], width_of(cell));
  });
}

void TableLayout::add(std::string_view rows, std::string& out) {
  for_each_row(rows, [&](std::string_view row) {
    if (decided_) return lay_out(row, out);
    widen(row);
    held_.append(row);
    held_ += '\n';
    if (++held_rows_ == kRowsThatDecide) flush(out);
  });
}

void TableLayout::flush(std::string& out) {
  if (decided_) return;
  decided_ = true;
  if (!header_.empty()) lay_out(header_, out);
  for_each_row(held_, [&](std::string_view row) { lay_out(row, out); });
  held_.clear();
}

void TableLayout::lay_out(std::string_view row, std::string& out) const {
  for_each_cell(row, [&](std::size_t column, std::string_view cell) {
    const std::size_t width = width_of(cell);
    const bool is_last = column + 1 >= widths_.size();
    const std::size_t pad = column < widths_.size() && widths_[column] > width ? widths_[column] - width : 0;
    if (column < right_.size() && right_[column]) {
      out.append(pad, ' ').append(cell);
    } else {
      out.append(cell).append(is_last ? 0 : pad, ' ');
    }
    out.append(is_last ? 0 : kGap, ' ');
  });
  out += '\n';
}

}  // namespace flowgauge
