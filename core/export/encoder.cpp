#include "core/export/encoder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "core/export/cell_text.h"
#include "core/export/number_text.h"
#include "core/export/number_tile.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kTileRows = CellSlots::kRows;

std::string_view view(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

char* put(char* out, std::string_view text) {
  if (text.size() == 1) {
    *out = text.front();
    return out + 1;
  }
  if (!text.empty()) std::memcpy(out, text.data(), text.size());
  return out + text.size();
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

constexpr std::size_t kQuotesBytes = 2;

std::string text_of(std::string_view text, Format format) {
  std::string out(kCellTextFactor * text.size() + kQuotesBytes, '\0');
  out.resize(static_cast<std::size_t>(write_text(out.data(), text, format) - out.data()));
  return out;
}

constexpr std::size_t kListBytes = 4 + 8;  // quotes and brackets; what write_u64 stores past its end

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

// What nearly all texts of the type fit into.
CellSlots::Width slot_width(fg_type type) {
  return type == FG_U64 || type == FG_I64 || type == FG_BOOL ? CellSlots::Width::kNarrow : CellSlots::Width::kWide;
}

std::vector<CellSlots::Width> slot_widths(std::span<const OutputColumn> columns) {
  std::vector<CellSlots::Width> widths;
  for (const OutputColumn& column : columns) widths.push_back(slot_width(column.type));
  return widths;
}

// The numbers of a tile; of one that is not full, with zeros behind them: those are written too, and never gathered.
template <class Number>
class TileNumbers {
 public:
  TileNumbers(const OutputVector& column, std::uint32_t first, std::uint32_t rows)
      : numbers_(static_cast<const Number*>(column.cells) + first) {
    if (rows == kTileNumbers) return;
    padded_ = {};
    numbers_ = std::copy_n(numbers_, rows, padded_.data()) - rows;
  }
  TileNumbers(const TileNumbers&) = delete;
  TileNumbers& operator=(const TileNumbers&) = delete;
  [[nodiscard]] const Number* data() const { return numbers_; }

 private:
  const Number* numbers_;
  std::array<Number, kTileNumbers> padded_;
};

// The next columns of a tile lie anywhere in the second-level cache.
constexpr std::size_t kColumnsAhead = 3;

void prefetch(const OutputVector& column, std::uint32_t first) {
  const auto* const begin = static_cast<const char*>(column.cells) + std::size_t{first} * sizeof(std::uint64_t);
  __builtin_prefetch(begin);
  __builtin_prefetch(begin + 64);
}

char separator_of(Format format) {
  return format == Format::kCsv ? ',' : format == Format::kTable ? kCellSeparator : '\0';
}

}  // namespace

Encoder::Encoder(Format format, std::span<const OutputColumn> columns)
    : format_(format), slots_(slot_widths(columns), separator_of(format)) {
  if (format == Format::kJsonLines) {
    for (const OutputColumn& column : columns) {
      before_.push_back(fmt::format("{}{}:", before_.empty() ? "{" : ",", text_of(column.name, format)));
      before_bytes_ += before_.back().size();
    }
  }
  null_ = format == Format::kJsonLines ? "null" : "";
  after_ = format == Format::kJsonLines ? "}\n" : "\n";
}

void Encoder::append(const OutputBatch& batch, std::string& text, std::vector<std::size_t>& row_ends) {
  assert(batch.columns.size() == slots_.columns());
  for (std::uint32_t first = 0; first < batch.rows; first += kTileRows) {
    const Tile tile{first, std::min(kTileRows, batch.rows - first)};
    slots_.begin();
    for (std::size_t index = 0; index < batch.columns.size(); ++index) {
      if (index + kColumnsAhead < batch.columns.size()) prefetch(batch.columns[index + kColumnsAhead], tile.first);
      write_column(index, batch.columns[index], tile);
    }
    gather_rows(tile, text, row_ends);
  }
}

void Encoder::write_column(std::size_t index, const OutputVector& column, Tile tile) {
  const Format format = format_;
  if (column.validity == nullptr) {  // nearly all columns
    const CellSlots::Column& slots = slots_.column(index);
    if (column.type == FG_U64)
      return write_naturals(slots, TileNumbers<std::uint64_t>(column, tile.first, tile.rows).data());
    if (column.type == FG_I64)
      return write_integers(slots, TileNumbers<std::int64_t>(column, tile.first, tile.rows).data());
    if (column.type == FG_F64) return write_reals(slots, TileNumbers<double>(column, tile.first, tile.rows).data());
  }
  const auto fixed = [](auto write) {
    return [write](const CellSlots::Column& slots, std::uint32_t row, auto value) {
      slots.end(row, write(slots.begin(row), value));
    };
  };
  switch (column.type) {
    case FG_U64:
      return write_cells<std::uint64_t>(index, column, tile, fixed(write_u64));
    case FG_I64:
      return write_cells<std::int64_t>(index, column, tile, fixed(write_i64));
    case FG_F64:
      return write_cells<double>(index, column, tile, fixed(write_real));
    case FG_BOOL:
      return write_cells<std::uint8_t>(index, column, tile, fixed([](char* out, std::uint8_t value) {
                                         *out = value != 0 ? '1' : '0';
                                         return out + 1;
                                       }));
    case FG_STRING:
      return write_cells<fg_string>(index, column, tile, [format](const auto& slots, auto row, const fg_string& value) {
        slots.put(row, kCellTextFactor * value.size_bytes + kQuotesBytes,
                  [&](char* out) { return write_text(out, view(value), format); });
      });
    default:
      return write_cells<fg_list_u64>(index, column, tile,
                                      [format](const auto& slots, auto row, const fg_list_u64& value) {
                                        slots.put(row, (kIntegerTextBytes + 1) * value.size + kListBytes,
                                                  [&](char* out) { return write_list(out, value, format); });
                                      });
  }
}

template <class Cell, class Write>
void Encoder::write_cells(std::size_t index, const OutputVector& column, Tile tile, const Write& write) {
  const CellSlots::Column slots = slots_.column(index);
  const Cell* const cells = static_cast<const Cell*>(column.cells) + tile.first;
  for (std::uint32_t row = 0; row < tile.rows; ++row) {
    if (column.is_null(tile.first + row)) {
      slots.end(row, put(slots.begin(row), null_));
    } else {
      write(slots, row, cells[row]);
    }
  }
}

void Encoder::gather_rows(Tile tile, std::string& text, std::vector<std::size_t>& row_ends) const {
  // A line without a character is no row to most readers, so the only cell of a row is never written as nothing.
  const std::string_view nothing = format_ == Format::kCsv && slots_.columns() == 1 ? "\"\"" : "";
  const std::size_t begin = text.size();
  const std::size_t most_bytes = slots_.most_bytes() + tile.rows * (before_bytes_ + nothing.size() + after_.size());
  text.resize_and_overwrite(begin + most_bytes, [&](char* data, std::size_t) {
    char* out = data + begin;
    for (std::uint32_t row = 0; row < tile.rows; ++row) {
      const char* const row_begin = out;
      if (before_.empty()) {
        out = slots_.gather(row, out);
      } else {
        for (std::size_t index = 0; index < before_.size(); ++index)
          out = slots_.gather(row, index, put(out, before_[index]));
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
