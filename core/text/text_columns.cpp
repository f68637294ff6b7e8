#include "core/text/text_columns.h"

#include <algorithm>

namespace flowgauge {

std::size_t columns_of(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(text, begins_character));
}

std::string_view cut(std::string_view text, std::size_t columns) {
  std::size_t seen = 0;
  for (std::size_t i = 0; i < text.size(); ++i)
    if (begins_character(text[i]) && seen++ == columns) return text.substr(0, i);
  return text;
}

std::string padded(std::string_view text, std::size_t columns) {
  std::string result(cut(text, columns));
  result.append(columns - columns_of(result), ' ');
  return result;
}

std::string fitted(std::string_view text, std::size_t columns) {
  if (columns == 0 || columns_of(text) <= columns) return padded(text, columns);
  return std::string(cut(text, columns - 1)) + '~';
}

std::string right_aligned(std::string_view text, std::size_t columns) {
  return std::string(columns - std::min(columns, columns_of(text)), ' ').append(text);
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns, LongWord long_word) {
  std::vector<std::string> lines;
  columns = std::max<std::size_t>(columns, 1);
  while (!text.empty()) {
    std::string_view line = cut(text, columns);
    if (line.size() < text.size()) {
      const std::size_t space = text.substr(0, line.size() + 1).rfind(' ');
      if (space != std::string_view::npos && space > 0)
        line = text.substr(0, space);
      else if (long_word == LongWord::kWhole)
        line = text.substr(0, text.find(' ', line.size()));
    }
    lines.emplace_back(line);
    text.remove_prefix(line.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return lines;
}

}  // namespace flowgauge
