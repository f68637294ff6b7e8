#include "core/app/terminal_log.h"

#include <fmt/format.h>

#include <exception>

namespace flowgauge {

void TerminalLog::write(LogLevel level, std::string_view text) noexcept {
  try {
    terminal_.write(fmt::format("flowgauge: {}: {}\n", log_level_name(level), text));
  } catch (const std::exception&) {
    // No memory for the line: the message is lost.
  }
}

}  // namespace flowgauge
