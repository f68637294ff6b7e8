#include "core/output/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/output/number_tile.h"
#include "core/text/cell_text.h"
#include "core/text/number_text.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kTileRows = RowTexts::kRows;

std::string_view view(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

char* put(char* out, std::string_view text) {
  if (text.size() == 1) {
    *out = text.front();
    return out + 1;
  }
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

char* write_text(char* out, std::string_view text, TableFormat format) {
  switch (format) {
    case TableFormat::kCsv:
      return write_csv_text(out, text);
    case TableFormat::kJsonLines:
      return write_json_text(out, text);
    case TableFormat::kPrint:
      return write_terminal_text(out, text);
  }
  return out;
}

constexpr std::size_t kQuotesBytes = 2;

std::string text_of(std::string_view text, TableFormat format) {
  std::string out(kCellTextFactor * text.size() + kQuotesBytes, '\0');
  out.resize(static_cast<std::size_t>(write_text(out.data(), text, format) - out.data()));
  return out;
}

constexpr std::size_t kListBytes = 4 + 8;  // quotes and brackets; what write_u64 stores past its end

// Of numbers; `write` one.
template <class List, class Write>
char* write_list(char* out, const List& list, TableFormat format, const Write& write) {
  const bool quoted = format == TableFormat::kCsv && list.size > 1;  // it has commas
  if (quoted) *out++ = '"';
  *out++ = '[';
  for (std::uint64_t i = 0; i < list.size; ++i) {
    if (i != 0) *out++ = ',';
    out = write(out, list.data[i]);
  }
  *out++ = ']';
  if (quoted) *out++ = '"';
  return out;
}

// The next columns of a tile lie anywhere in the second-level cache.
constexpr std::size_t kColumnsAhead = 3;

void prefetch(const OutputVector& column, std::uint32_t first) {
  const auto* const begin = static_cast<const char*>(column.cells) + std::size_t{first} * sizeof(std::uint64_t);
  __builtin_prefetch(begin);
  __builtin_prefetch(begin + 64);
}

// What stands between cells; '\0': nothing.
char separator_of(TableFormat format) {
  return format == TableFormat::kCsv ? ',' : format == TableFormat::kPrint ? kCellSeparator : '\0';
}

}  // namespace

Encoder::Encoder(TableFormat format, std::span<const OutputColumn> columns)
    : format_(format), columns_(columns.size()), separator_(separator_of(format)) {
  if (format == TableFormat::kJsonLines) {
    for (const OutputColumn& column : columns)
      before_.push_back(fmt::format("{}{}:", before_.empty() ? "{" : ",", text_of(column.name, format)));
  }
  null_ = format == TableFormat::kJsonLines ? "null" : "";
  after_ = format == TableFormat::kJsonLines ? "}\n" : "\n";
}

void Encoder::append(const OutputBatch& batch, std::string& text, std::vector<std::size_t>& row_ends) {
  assert(batch.columns.size() == columns_);
  for (std::uint32_t first = 0; first < batch.rows; first += kTileRows) {
    const Tile tile{first, std::min(kTileRows, batch.rows - first)};
    rows_.begin();
    for (std::size_t index = 0; index < columns_; ++index) {
      if (index + kColumnsAhead < columns_) prefetch(batch.columns[index + kColumnsAhead], tile.first);
      if (!before_.empty()) write_name(before_[index]);
      write_column(batch.columns[index], index == 0 ? '\0' : separator_, tile);
    }
    end_rows(tile, text, row_ends);
  }
}

void Encoder::write_column(const OutputVector& column, char separator, Tile tile) {
  if (column.validity == nullptr) {  // nearly all columns
    if (column.type == FG_U64)
      return write_naturals(rows_.column(separator, kIntegerCellBytes), numbers<std::uint64_t>(column, tile));
    if (column.type == FG_I64)
      return write_integers(rows_.column(separator, kIntegerCellBytes), numbers<std::int64_t>(column, tile));
    if (column.type == FG_F64)
      return write_reals(rows_.column(separator, kRealCellBytes), numbers<double>(column, tile));
  }
  write_other_column(column, separator, tile);
}

// The numbers of a tile; of one that is not full, with zeros behind them: those are written too, and left out in the
// end.
template <class Number>
const Number* Encoder::numbers(const OutputVector& column, Tile tile) {
  const Number* const first = static_cast<const Number*>(column.cells) + tile.first;
  if (tile.rows == kTileRows) return first;
  auto& padded = std::get<std::array<Number, kTileRows>>(padded_);
  std::fill(std::copy_n(first, tile.rows, padded.begin()), padded.end(), Number{});
  return padded.data();
}

void Encoder::write_other_column(const OutputVector& column, char separator, Tile tile) {
  const auto number_bytes = [](auto) { return kRealTextBytes; };
  switch (column.type) {
    case FG_U64:
      return write_cells<std::uint64_t>(column, separator, tile, number_bytes, write_u64);
    case FG_I64:
      return write_cells<std::int64_t>(column, separator, tile, number_bytes, write_i64);
    case FG_F64:
      return write_cells<double>(column, separator, tile, number_bytes, write_real);
    case FG_BOOL:
      return write_cells<std::uint8_t>(column, separator, tile, number_bytes, [](char* out, std::uint8_t value) {
        *out = value != 0 ? '1' : '0';
        return out + 1;
      });
    case FG_STRING:
      return write_cells<fg_string>(
          column, separator, tile,
          [](const fg_string& value) { return kCellTextFactor * value.size_bytes + kQuotesBytes; },
          [format = format_](char* out, const fg_string& value) { return write_text(out, view(value), format); });
    case FG_LIST_I64:
      return write_lists<fg_list_i64>(column, separator, tile, kIntegerTextBytes, write_i64);
    case FG_LIST_F64:
      return write_lists<fg_list_f64>(column, separator, tile, kRealTextBytes, write_real);
    case FG_LIST_STRING:
      return write_text_lists(column, separator, tile);
    default:
      return write_lists<fg_list_u64>(column, separator, tile, kIntegerTextBytes, write_u64);
  }
}

template <class List, class Write>
void Encoder::write_lists(const OutputVector& column, char separator, Tile tile, std::size_t item_bytes,
                          const Write& write) {
  write_cells<List>(
      column, separator, tile, [&](const List& value) { return (item_bytes + 1) * value.size + kListBytes; },
      [&](char* out, const List& value) { return write_list(out, value, format_, write); });
}

// A JSON array; where the format is another, as the text that it is. Made first, so that its length is known.
void Encoder::write_text_lists(const OutputVector& column, char separator, Tile tile) {
  const auto* const lists = static_cast<const fg_list_string*>(column.cells) + tile.first;
  std::array<std::string, kTileRows> texts;
  std::size_t most = null_.size();
  for (std::uint32_t row = 0; row < tile.rows; ++row) {
    if (column.is_null(tile.first + row)) continue;
    std::string json = "[";
    for (const fg_string& item : std::span(lists[row].data, lists[row].size)) {
      if (json.size() > 1) json += ',';
      json += text_of(view(item), TableFormat::kJsonLines);
    }
    json += ']';
    texts[row] = format_ == TableFormat::kJsonLines ? json : text_of(json, format_);
    most = std::max(most, texts[row].size());
  }
  const RowTexts::Cells cells = rows_.column(separator, 1 + most);
  for (std::uint32_t row = 0; row < tile.rows; ++row)
    cells.end(row, put(cells.begin(row), column.is_null(tile.first + row) ? null_ : std::string_view(texts[row])));
}

template <class Cell, class MostBytes, class Write>
void Encoder::write_cells(const OutputVector& column, char separator, Tile tile, const MostBytes& most_bytes,
                          const Write& write) {
  const Cell* const values = static_cast<const Cell*>(column.cells) + tile.first;
  std::size_t most = null_.size();
  for (std::uint32_t row = 0; row < tile.rows; ++row)
    if (!column.is_null(tile.first + row)) most = std::max<std::size_t>(most, most_bytes(values[row]));
  const RowTexts::Cells cells = rows_.column(separator, 1 + most);
  for (std::uint32_t row = 0; row < tile.rows; ++row) {
    char* const out = cells.begin(row);
    cells.end(row, column.is_null(tile.first + row) ? put(out, null_) : write(out, values[row]));
  }
}

void Encoder::write_name(std::string_view name) {
  const RowTexts::Cells cells = rows_.column('\0', 1 + name.size());
  for (std::uint32_t row = 0; row < kTileRows; ++row) cells.end(row, put(cells.begin(row), name));
}

void Encoder::end_rows(Tile tile, std::string& text, std::vector<std::size_t>& row_ends) const {
  // A line without a character is no row to most readers, so the only cell of a row is never written as nothing.
  const std::string_view nothing = format_ == TableFormat::kCsv && columns_ == 1 ? "\"\"" : "";
  const std::size_t begin = text.size();
  std::size_t most_bytes = 0;
  for (std::uint32_t row = 0; row < tile.rows; ++row)
    most_bytes += rows_.row(row).size() + nothing.size() + after_.size();
  text.resize_and_overwrite(begin + most_bytes, [&](char* data, std::size_t) {
    char* out = data + begin;
    for (std::uint32_t row = 0; row < tile.rows; ++row) {
      const std::string_view cells = rows_.row(row);
      out = put(put(out, cells.empty() ? nothing : cells), after_);
      row_ends.push_back(static_cast<std::size_t>(out - data));
    }
    return static_cast<std::size_t>(out - data);
  });
}

std::string header_line(TableFormat format, std::span<const OutputColumn> columns) {
  if (format == TableFormat::kJsonLines) return {};
  std::string line;
  for (const OutputColumn& column : columns) {
    if (&column != columns.data()) line += format == TableFormat::kCsv ? ',' : kCellSeparator;
    line += text_of(column.name, format);
  }
  line += '\n';
  return line;
}

}  // namespace flowgauge
