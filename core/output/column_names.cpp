#include "core/output/column_names.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "core/base/text.h"
#include "core/output/encoder.h"
#include "core/text/json_string.h"

namespace flowgauge {
namespace {

// RFC 4180. A line end within a quoted cell is of the cell: the row goes on behind it.
std::vector<std::string> cells_of(std::string_view line) {
  std::vector<std::string> cells(1);
  bool quoted = false;
  for (std::size_t at = 0; at < line.size(); ++at) {
    const char one = line[at];
    if (quoted && one == '"' && at + 1 < line.size() && line[at + 1] == '"') {
      cells.back() += line[++at];
    } else if (one == '"') {
      quoted = !quoted;
    } else if (one == ',' && !quoted) {
      cells.emplace_back();
    } else if (one != '\n' || quoted) {
      cells.back() += one;
    }
  }
  return cells;
}

// The texts of the outermost object behind which a colon stands, with their escapes.
std::vector<std::string> keys_of(std::string_view line) {
  std::vector<std::string> keys;
  int depth = 0;
  for (std::size_t at = 0; at < line.size(); ++at) {
    if (line[at] == '{' || line[at] == '[') ++depth;
    if (line[at] == '}' || line[at] == ']') --depth;
    if (line[at] != '"') continue;
    const std::size_t begin = ++at;
    while (at < line.size() && line[at] != '"') at += line[at] == '\\' ? 2 : 1;
    if (depth == 1 && at + 1 < line.size() && line[at + 1] == ':') keys.emplace_back(line.substr(begin, at - begin));
  }
  return keys;
}

std::vector<std::string> columns_of(TableFormat format, std::string_view line) {
  return format == TableFormat::kJsonLines ? keys_of(line) : cells_of(line);
}

}  // namespace

std::string line_with_columns(TableFormat format, std::span<const OutputColumn> columns) {
  if (format != TableFormat::kJsonLines) return header_line(format, columns);
  std::string line = "{";
  for (const OutputColumn& column : columns) {
    if (line.size() > 1) line += ',';
    append_json_string(line, column.name);
    line += ":0";
  }
  return line + "}\n";
}

std::optional<std::string> different_column(TableFormat format, std::string_view there, std::string_view here) {
  const std::vector<std::string> theirs = columns_of(format, there);
  const std::vector<std::string> ours = columns_of(format, here);
  const auto [their, our] = std::ranges::mismatch(theirs, ours);
  if (their == theirs.end() && our == ours.end()) return std::nullopt;
  const auto named = [](auto name, auto end) {
    return name == end ? std::string("missing") : fmt::format("'{}'", printable(*name));
  };
  return fmt::format("column {} is {} in the file and {} in this run", their - theirs.begin() + 1,
                     named(their, theirs.end()), named(our, ours.end()));
}

}  // namespace flowgauge
