#include "core/export/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <string_view>

#include "core/export/cell_text.h"
#include "core/export/number_text.h"

namespace flowgauge {
namespace {

std::string_view view(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

char* put(char* out, std::string_view text) { return std::copy(text.begin(), text.end(), out); }

template <class Cell>
const Cell& cell(const OutputVector& column, std::uint32_t row) {
  return static_cast<const Cell*>(column.cells)[row];
}

char* write_text(char* out, std::string_view text, Format format) {
  switch (format) {
    case Format::kCsv:
      return write_csv_text(out, text);
    case Format::kJsonLines:
      return write_json_text(out, text);
    case Format::kTable:
      return write_terminal_text(out, text);
  }
  return out;
}

std::string text_of(std::string_view text, Format format) {
  std::string out(kCellTextFactor * text.size() + 2, '\0');
  out.resize(static_cast<std::size_t>(write_text(out.data(), text, format) - out.data()));
  return out;
}

char* write_list(char* out, const fg_list_u64& list, Format format) {
  const bool quoted = format == Format::kCsv && list.size > 1;  // it has commas
  if (quoted) *out++ = '"';
  *out++ = '[';
  for (std::uint64_t i = 0; i < list.size; ++i) {
    if (i != 0) *out++ = ',';
    out = write_u64(out, list.data[i]);
  }
  *out++ = ']';
  if (quoted) *out++ = '"';
  return out;
}

// Enough for one cell of a type of fixed size; what write_u64 stores past its end included.
std::size_t cell_text_bytes(fg_type type) {
  return type == FG_F64 ? kRealTextBytes : type == FG_BOOL ? 4 : kIntegerTextBytes + 8;
}

char* write_cell(char* out, const OutputVector& column, std::uint32_t row, Format format) {
  switch (column.type) {
    case FG_U64:
      return write_u64(out, cell<std::uint64_t>(column, row));
    case FG_I64:
      return write_i64(out, cell<std::int64_t>(column, row));
    case FG_F64:
      return write_real(out, cell<double>(column, row));
    case FG_BOOL:
      *out = cell<std::uint8_t>(column, row) != 0 ? '1' : '0';
      return out + 1;
    case FG_STRING:
      return write_text(out, view(cell<fg_string>(column, row)), format);
    default:
      return write_list(out, cell<fg_list_u64>(column, row), format);
  }
}

}  // namespace

Encoder::Encoder(Format format, std::span<const OutputColumn> columns) : format_(format) {
  for (const OutputColumn& column : columns) {
    const bool first = before_.empty();
    if (format == Format::kJsonLines) {
      before_.push_back(fmt::format("{}{}:", first ? "{" : ",", text_of(column.name, format)));
    } else {
      before_.push_back(first ? std::string() : std::string(1, format == Format::kCsv ? ',' : kCellSeparator));
    }
    fixed_bytes_ += before_.back().size() + cell_text_bytes(column.type);
  }
  after_ = format == Format::kJsonLines ? "}\n" : "\n";
  fixed_bytes_ += after_.size() + kCellTextFactor;
}

void Encoder::append(const OutputBatch& batch, std::string& text, std::vector<std::size_t>& row_ends) const {
  assert(batch.columns.size() == before_.size());
  // A line without a character is no row to most readers, so the only cell of a row is never written as nothing.
  const bool is_single_csv = format_ == Format::kCsv && before_.size() == 1;
  for (std::uint32_t row = 0; row < batch.rows; ++row) {
    std::size_t most_bytes = fixed_bytes_;
    for (const OutputVector& column : batch.columns) {
      if (column.type == FG_STRING) most_bytes += kCellTextFactor * cell<fg_string>(column, row).size_bytes;
      if (column.type == FG_LIST_U64) most_bytes += (kIntegerTextBytes + 1) * cell<fg_list_u64>(column, row).size;
    }
    const std::size_t begin = text.size();
    text.resize_and_overwrite(begin + most_bytes, [&](char* data, std::size_t) {
      char* out = data + begin;
      for (std::size_t c = 0; c < before_.size(); ++c) {
        out = put(out, before_[c]);
        const OutputVector& column = batch.columns[c];
        if (!column.is_null(row)) {
          out = write_cell(out, column, row, format_);
        } else if (format_ == Format::kJsonLines) {
          out = put(out, "null");
        }
      }
      if (is_single_csv && out == data + begin) {
        *out++ = '"';
        *out++ = '"';
      }
      return static_cast<std::size_t>(put(out, after_) - data);
    });
    row_ends.push_back(text.size());
  }
}

std::string header_line(Format format, std::span<const OutputColumn> columns) {
  if (format == Format::kJsonLines) return {};
  std::string line;
  for (const OutputColumn& column : columns) {
    if (&column != columns.data()) line += format == Format::kCsv ? ',' : kCellSeparator;
    line += text_of(column.name, format);
  }
  line += '\n';
  return line;
}

}  // namespace flowgauge
