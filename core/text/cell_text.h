// Text cells in the quoting of each format. Hot: no allocation. Stateless. Each function writes at `out` and returns
// the end; kCellTextFactor * text.size() + 2 bytes are enough for any of them.
#pragma once

#include <cstddef>
#include <string_view>

namespace flowgauge {

inline constexpr std::size_t kCellTextFactor = 6;

// RFC 4180: in quotes, with quotes doubled, where it has a comma, a quote or a line end; as it is otherwise.
char* write_csv_text(char* out, std::string_view text);

// With its quotes. What is not UTF-8 becomes U+FFFD, so that every reader takes the line.
char* write_json_text(char* out, std::string_view text);

// For a terminal: control characters (they come from the wire, and a terminal obeys them) and what is not UTF-8 become
// '?'.
char* write_terminal_text(char* out, std::string_view text);

}  // namespace flowgauge
