#include "tests/support/arrow_text.h"

#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <sstream>
#include <string_view>

namespace flowgauge::test {
namespace {

bool bit_of(const void* bits, std::size_t at) {
  return (static_cast<const std::uint8_t*>(bits)[at / 8] >> at % 8 & 1) != 0;
}

std::string all_digits(double number) {
  char text[64];
  std::snprintf(text, sizeof text, "%.17g", number);
  return text;
}

std::string cell(const ArrowArray& column, std::string_view format, std::size_t row) {
  if (column.buffers[0] != nullptr && !bit_of(column.buffers[0], row)) return {};
  const auto* const offsets = static_cast<const std::int32_t*>(column.buffers[1]);
  if (format == "l") return std::to_string(static_cast<const std::int64_t*>(column.buffers[1])[row]);
  if (format == "L") return std::to_string(static_cast<const std::uint64_t*>(column.buffers[1])[row]);
  if (format == "g") return all_digits(static_cast<const double*>(column.buffers[1])[row]);
  if (format == "b") return bit_of(column.buffers[1], row) ? "1" : "0";
  const auto first = static_cast<std::size_t>(offsets[row]);
  const auto end = static_cast<std::size_t>(offsets[row + 1]);
  if (format == "u") return {static_cast<const char*>(column.buffers[2]) + first, end - first};
  std::string list = "[";
  for (std::size_t item = first; item < end; ++item)
    list += (item == first ? "" : ",") +
            std::to_string(static_cast<const std::uint64_t*>(column.children[0]->buffers[1])[item]);
  return end - first > 1 ? '"' + list + "]\"" : list + "]";
}

std::size_t end_of_cell(const std::string& line, std::size_t at) {
  bool is_quoted = false;
  for (; at < line.size() && (is_quoted || line[at] != ','); ++at)
    if (line[at] == '"') is_quoted = !is_quoted;
  return at;
}

}  // namespace

PulledTable pull(ArrowArrayStream& stream, std::size_t most) {
  PulledTable table;
  ArrowSchema schema{};
  if (table.error = stream.get_schema(&stream, &schema); table.error != 0) return table;
  for (std::int64_t i = 0; i < schema.n_children; ++i) {
    table.header += (i == 0 ? "" : ",") + std::string(schema.children[i]->name);
    table.formats.emplace_back(schema.children[i]->format);
  }
  table.header += "\n";
  schema.release(&schema);
  while (table.batches.size() < most) {
    ArrowArray batch{};
    table.error = stream.get_next(&stream, &batch);
    if (table.error != 0) {
      const char* const message = stream.get_last_error(&stream);
      table.message = message == nullptr ? "" : message;
      return table;
    }
    if (batch.release == nullptr) return table;
    table.batches.push_back(batch.length);
    for (std::size_t row = 0; row < static_cast<std::size_t>(batch.length); ++row)
      for (std::size_t i = 0; i < table.formats.size(); ++i)
        table.rows += cell(*batch.children[i], table.formats[i], row) + (i + 1 == table.formats.size() ? "\n" : ",");
    batch.release(&batch);
  }
  return table;
}

PulledTable pull_all(ArrowArrayStream& stream) {
  PulledTable table = pull(stream);
  stream.release(&stream);
  return table;
}

std::string with_all_digits(const std::string& csv, const std::vector<std::string>& formats) {
  std::istringstream lines(csv);
  std::string out;
  std::string line;
  for (bool is_header = true; std::getline(lines, line); is_header = false) {
    if (is_header) {
      out += line + "\n";
      continue;
    }
    std::size_t begin = 0;
    for (std::size_t i = 0; i < formats.size(); ++i) {
      const std::size_t end = end_of_cell(line, begin);
      const std::string cell = line.substr(begin, end - begin);
      out += formats[i] == "g" && !cell.empty() ? all_digits(std::strtod(cell.c_str(), nullptr)) : cell;
      out += i + 1 == formats.size() ? "\n" : ",";
      begin = end + 1;
    }
  }
  return out;
}

}  // namespace flowgauge::test
