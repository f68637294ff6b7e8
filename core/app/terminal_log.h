// The program's log: messages to the person who runs it, on a terminal: "flowgauge: warning: text".
// Any thread may write; a line is written whole.
#pragma once

#include <memory>
#include <string_view>

#include "core/app/terminal.h"
#include "core/base/log.h"

namespace flowgauge {

class TerminalLog final : public Log {
 public:
  // The terminal outlives it.
  explicit TerminalLog(Terminal& terminal);
  ~TerminalLog() override;

  // Messages below the level are dropped. The level at start is kInfo.
  void set_level(LogLevel level);
  [[nodiscard]] LogLevel level() const;

  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override;
  void write(LogLevel level, std::string_view text) noexcept override;

 private:
  class Logger;  // the logging library stays behind terminal_log.cpp: including this costs little compile time
  std::unique_ptr<Logger> logger_;
};

}  // namespace flowgauge
