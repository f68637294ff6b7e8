// The program's log: messages to the person who runs it, on a terminal: "flowgauge: warning: text". Or, for programs, a
// line of JSON for each: {"time": "2026-08-03T20:46:40.002Z", "level": "warning", "message": "text"}.
// Any thread may write; a line is written whole.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "core/app/terminal.h"
#include "core/base/log.h"

namespace flowgauge {

class TerminalLog final : public Log {
 public:
  // The terminal outlives it.
  explicit TerminalLog(Terminal& terminal);
  ~TerminalLog() override;

  // kJournal: each line begins with its priority, as "<4>", which systemd's journal reads (sd-daemon(3)).
  enum class Format { kText, kJson, kJournal };
  // Before any thread. kText at start.
  void set_format(Format format);
  [[nodiscard]] Format format() const { return format_; }

  // Messages below the level are dropped. The level at start is kInfo.
  void set_level(LogLevel level);
  [[nodiscard]] LogLevel level() const;

  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override;
  void write(LogLevel level, std::string_view text) noexcept override;
  // The account at the end of a run, whole lines: as they are, or each as a message of level info.
  void write_account(std::string_view lines);

 private:
  [[nodiscard]] std::string lines_of(LogLevel level, std::string_view text) const;

  class Logger;  // the logging library stays behind terminal_log.cpp: including this costs little compile time
  Terminal& terminal_;
  std::unique_ptr<Logger> logger_;
  Format format_ = Format::kText;
};

}  // namespace flowgauge
