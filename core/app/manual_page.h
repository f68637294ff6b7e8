// Makes the manual page from the description of the command line.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace flowgauge {

[[nodiscard]] std::string manual_page_of(CLI::App& app);

// The page of one command, with those below it: flowgauge-pcap(1).
[[nodiscard]] std::string manual_page_of_command(CLI::App& command);

}  // namespace flowgauge
