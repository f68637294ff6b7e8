// Where the rows of an output belong, for those who are told.
#pragma once

#include <string>
#include <string_view>

namespace flowgauge {

// For a person: "standard output", or the path, whose control characters are shown.
[[nodiscard]] std::string shown_place(std::string_view path);
// For a program: "-", or the path as it is.
[[nodiscard]] std::string plain_place(std::string_view path);

}  // namespace flowgauge
