// Reads the command line. Help, the manual page and the messages about mistakes come from one description of the
// options.
#pragma once

#include <span>
#include <string>

#include "core/app/command.h"
#include "core/app/terminal_log.h"
#include "core/base/log.h"
#include "core/base/result.h"

namespace flowgauge {

struct CommandLine {
  LogLevel log_level = LogLevel::kInfo;
  TerminalLog::Format log_format = TerminalLog::Format::kText;
  Command command;
};

// `arguments` without the program's name. Errors are kUsage and name the help to read.
[[nodiscard]] Result<CommandLine> parse_command_line(std::span<const std::string> arguments);

// The manual page, as `man` reads it (docs/flowgauge.1).
[[nodiscard]] std::string manual_page();

}  // namespace flowgauge
