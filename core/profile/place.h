// Where something of a profile was written, as messages begin with it. Stateless.
#pragma once

#include <fmt/format.h>

#include <string>

namespace flowgauge {

// "FILE:LINE: "; "--idle-timeout: " of the command line, which has no lines (0); "" of a default.
inline std::string place_in_front(const std::string& file, int line) {
  if (file.empty()) return {};
  return line == 0 ? fmt::format("{}: ", file) : fmt::format("{}:{}: ", file, line);
}

// ", first in line 3", of something that is there twice.
inline std::string first_in_line(int line) { return line == 0 ? "" : fmt::format(", first in line {}", line); }

}  // namespace flowgauge
