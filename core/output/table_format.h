// The formats of tables as text: the one place that names them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace flowgauge {

enum class TableFormat : std::uint8_t {
  kCsv,        // RFC 4180, lines end with \n, quotes only where needed; null: empty; lists: JSON arrays, quoted
  kJsonLines,  // one object a row, keys are the column names
  kPrint,      // for a terminal: aligned cells
};

struct TableFormatName {
  std::string_view name;  // in profiles, on the command line, in metadata
  TableFormat value;
  std::string_view ending;  // of file names, before that of a compression
};

inline constexpr std::array kTableFormats = {
    TableFormatName{"csv", TableFormat::kCsv, ".csv"},
    TableFormatName{"jsonl", TableFormat::kJsonLines, ".jsonl"},
    TableFormatName{"print", TableFormat::kPrint, ".txt"},
};

inline constexpr std::string_view kDefaultTableFormat = kTableFormats[0].name;

// Empty: none has this name.
[[nodiscard]] constexpr std::optional<TableFormat> table_format(std::string_view name) {
  for (const TableFormatName& known : kTableFormats)
    if (known.name == name) return known.value;
  return std::nullopt;
}

}  // namespace flowgauge
