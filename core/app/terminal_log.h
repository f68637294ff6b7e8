// The program's log: messages to the person who runs it: "flowgauge: warning: text".
// Any thread may write; a line is written whole.
#pragma once

#include <atomic>
#include <string_view>

#include "core/app/terminal.h"
#include "core/base/log.h"

namespace flowgauge {

class TerminalLog final : public Log {
 public:
  // The terminal outlives it.
  explicit TerminalLog(Terminal& terminal) : terminal_(terminal) {}

  // Messages below the level are dropped. The level at start is kInfo.
  void set_level(LogLevel level) { level_.store(level, std::memory_order_relaxed); }
  [[nodiscard]] LogLevel level() const { return level_.load(std::memory_order_relaxed); }

  [[nodiscard]] bool is_enabled(LogLevel level) const noexcept override { return level >= this->level(); }
  void write(LogLevel level, std::string_view text) noexcept override;

 private:
  Terminal& terminal_;
  std::atomic<LogLevel> level_{LogLevel::kInfo};
};

}  // namespace flowgauge
