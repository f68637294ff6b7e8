// Words behind "--" on the command line. They are no options and no commands, whatever they look like. CLI11 forgets
// that in commands with arguments, so such words carry a mark until they are where they belong. Stateless.
#pragma once

#include <CLI/App.hpp>
#include <span>
#include <string>
#include <vector>

namespace flowgauge {

// The words for CLI11: without "--", operands marked. Where a command is still to be named, "--" changes nothing.
[[nodiscard]] std::vector<std::string> with_marked_operands(CLI::App& app, std::span<const std::string> arguments);

[[nodiscard]] bool is_marked(const std::string& word);
[[nodiscard]] std::string without_mark(const std::string& word);

// Arguments of all commands lose their mark when they are read.
void take_marks_off(CLI::App& app);

}  // namespace flowgauge
