// Makes bash's completion of the command line from the description of it.
#pragma once

#include <CLI/App.hpp>
#include <string>

namespace flowgauge {

// A script for bash: commands, options, interfaces; where anything else is asked for, bash's own names of files.
[[nodiscard]] std::string bash_completion_of(CLI::App& app);

}  // namespace flowgauge
