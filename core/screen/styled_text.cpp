#include "core/screen/styled_text.h"

#include <algorithm>
#include <utility>

namespace flowgauge {
namespace {

bool begins_character(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U; }

}  // namespace

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

PageLine cut(PageLine line, std::size_t columns) {
  for (Segment& segment : line) {
    segment.text = cut(segment.text, columns);
    columns -= columns_of(segment.text);
  }
  std::erase_if(line, [](const Segment& segment) { return segment.text.empty(); });
  return line;
}

std::vector<std::string> wrapped(std::string_view text, std::size_t columns) {
  std::vector<std::string> lines;
  columns = std::max<std::size_t>(columns, 1);
  while (!text.empty()) {
    std::string_view line = cut(text, columns);
    if (line.size() < text.size()) {
      const std::size_t space = text.substr(0, line.size() + 1).rfind(' ');
      if (space != std::string_view::npos && space > 0) line = text.substr(0, space);
    }
    lines.emplace_back(line);
    text.remove_prefix(line.size());
    if (text.starts_with(' ')) text.remove_prefix(1);
  }
  return lines;
}

}  // namespace flowgauge
