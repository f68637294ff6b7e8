#include "core/export/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <string_view>
#include <type_traits>

#include "core/export/cell_text.h"
#include "core/export/number_text.h"
#include "core/export/number_tile.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kTileRows = kTileNumbers;  // so few that the texts of 200 columns stay in the first-level cache
constexpr std::size_t kChunk = 16;                 // most cells are copied in one step of so many bytes

std::string_view view(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

char* put(char* out, std::string_view text) {
  if (text.size() == 1) {
    *out = text.front();
    return out + 1;
  }
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
}

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
  null_ = format == Format::kJsonLines ? "null" : "";
  after_ = format == Format::kJsonLines ? "}\n" : "\n";
  fixed_bytes_ += kCellTextFactor;
}

void Encoder::append(const OutputBatch& batch, std::string& text, std::vector<std::size_t>& row_ends) {
  assert(batch.columns.size() == before_.size());
  for (std::uint32_t first = 0; first < batch.rows; first += kTileRows) {
    const Tile tile{first, std::min(kTileRows, batch.rows - first)};
    make_room(batch, tile);
    write_columns(batch, tile);
    gather_rows(tile, text, row_ends);
  }
}

void Encoder::make_room(const OutputBatch& batch, Tile tile) {
  std::size_t most_bytes = tile.rows * fixed_bytes_ + kChunk;
  for (const OutputVector& column : batch.columns) {
    if (column.type != FG_STRING && column.type != FG_LIST_U64) continue;
    for (std::uint32_t row = tile.first; row < tile.first + tile.rows; ++row) {
      most_bytes += column.type == FG_STRING ? kCellTextFactor * cell<fg_string>(column, row).size_bytes
                                             : (kIntegerTextBytes + 1) * cell<fg_list_u64>(column, row).size;
    }
  }
  if (most_bytes <= cells_bytes_) return;
  cells_ = std::make_unique_for_overwrite<char[]>(most_bytes);
  cells_bytes_ = most_bytes;
}

void Encoder::write_columns(const OutputBatch& batch, Tile tile) {
  ends_.resize(before_.size() * tile.rows + 1);
  ends_[0] = 0;
  char* out = cells_.get();
  for (std::size_t index = 0; index < before_.size(); ++index)
    out = write_column(out, index, batch.columns[index], tile);
}

char* Encoder::write_column(char* out, std::size_t index, const OutputVector& column, Tile tile) {
  const Format format = format_;
  switch (column.type) {
    case FG_U64:
      return write_cells<std::uint64_t>(out, index, column, tile,
                                        [](char* at, auto value) { return write_u64(at, value); });
    case FG_I64:
      return write_cells<std::int64_t>(out, index, column, tile,
                                       [](char* at, auto value) { return write_i64(at, value); });
    case FG_F64:
      return write_cells<double>(out, index, column, tile, [](char* at, auto value) { return write_real(at, value); });
    case FG_BOOL:
      return write_cells<std::uint8_t>(out, index, column, tile, [](char* at, std::uint8_t value) {
        *at = value != 0 ? '1' : '0';
        return at + 1;
      });
    case FG_STRING:
      return write_cells<fg_string>(out, index, column, tile, [format](char* at, const fg_string& value) {
        return write_text(at, view(value), format);
      });
    default:
      return write_cells<fg_list_u64>(out, index, column, tile, [format](char* at, const fg_list_u64& value) {
        return write_list(at, value, format);
      });
  }
}

template <class Cell, class Write>
char* Encoder::write_cells(char* out, std::size_t index, const OutputVector& column, Tile tile, const Write& write) {
  const std::string_view before = before_[index];
  const char* const begin = cells_.get();
  std::uint32_t* end = &ends_[index * tile.rows];
  const std::uint32_t stop = tile.first + tile.rows;
  if (column.validity == nullptr && before.size() == 1) {  // nearly all columns of a CSV
    const Cell* const cells = static_cast<const Cell*>(column.cells);
    const TileText text{before.front(), begin, end + 1};
    if constexpr (std::is_same_v<Cell, std::uint64_t>)
      if (tile.rows == kTileNumbers) return write_naturals(out, cells + tile.first, text);
    if constexpr (std::is_same_v<Cell, double>)
      if (tile.rows == kTileNumbers) return write_reals(out, cells + tile.first, text);
    for (std::uint32_t row = tile.first; row < stop; ++row) {
      *out = before.front();
      out = write(out + 1, cells[row]);
      *++end = static_cast<std::uint32_t>(out - begin);
    }
    return out;
  }
  for (std::uint32_t row = tile.first; row < stop; ++row) {
    out = put(out, before);
    out = column.is_null(row) ? put(out, null_) : write(out, cell<Cell>(column, row));
    *++end = static_cast<std::uint32_t>(out - begin);
  }
  return out;
}

void Encoder::gather_rows(Tile tile, std::string& text, std::vector<std::size_t>& row_ends) const {
  // A line without a character is no row to most readers, so the only cell of a row is never written as nothing.
  const std::string_view nothing = format_ == Format::kCsv && before_.size() == 1 ? "\"\"" : "";
  const std::size_t begin = text.size();
  const std::size_t most_bytes = ends_.back() + tile.rows * (nothing.size() + after_.size()) + kChunk;
  text.resize_and_overwrite(begin + most_bytes, [&](char* data, std::size_t) {
    char* out = data + begin;
    for (std::uint32_t row = 0; row < tile.rows; ++row) {
      const char* const row_begin = out;
      for (std::size_t at = row; at + 1 < ends_.size(); at += tile.rows) {
        const char* const cell = cells_.get() + ends_[at];
        const std::size_t size = ends_[at + 1] - ends_[at];
        std::memcpy(out, cell, kChunk);  // a fixed size is one step; what is too much is overwritten
        if (size > kChunk) [[unlikely]]
          std::memcpy(out + kChunk, cell + kChunk, size - kChunk);
        out += size;
      }
      if (out == row_begin) out = put(out, nothing);
      out = put(out, after_);
      row_ends.push_back(static_cast<std::size_t>(out - data));
    }
    return static_cast<std::size_t>(out - data);
  });
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
