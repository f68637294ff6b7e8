// Foreign text for people: UTF-8 without control characters, so that it steers no terminal.
#pragma once

#include <string>
#include <string_view>

namespace flowgauge {

// A space for each control character, U+FFFD for each byte that is not UTF-8.
[[nodiscard]] std::string shown_text(std::string_view text);

// The same of a text of several lines, whose ends stay.
[[nodiscard]] std::string shown_lines(std::string_view text);

}  // namespace flowgauge
