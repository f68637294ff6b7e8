// Rows and a line of status may go to one terminal: whoever has a line there takes it away before rows come.
#pragma once

#include <functional>
#include <string_view>

namespace flowgauge {

// Called with rows that are about to be written to a terminal through standard output.
using BeforeTerminalRows = std::function<void(std::string_view rows)>;

// Of this process; none: nobody has a line. Before any thread is started.
void set_before_terminal_rows(BeforeTerminalRows before);
void before_terminal_rows(std::string_view rows);

}  // namespace flowgauge
