// The program's log: messages to the person who runs it, on standard error: "flowgauge: warning: text".
// Any thread may write; a line is written whole.
#pragma once

#include <memory>
#include <string_view>

#include "core/base/log.h"

namespace flowgauge {

class TerminalLog final : public Log {
 public:
  TerminalLog();
  ~TerminalLog() override;

  // Messages below the level are dropped. The level at start is kInfo.
  void set_level(LogLevel level);
  [[nodiscard]] LogLevel level() const;

  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override;
  void write(LogLevel level, std::string_view text) noexcept override;

 private:
  class Sink;  // the logging library stays behind terminal_log.cpp: including this costs little compile time
  std::unique_ptr<Sink> sink_;
};

}  // namespace flowgauge
