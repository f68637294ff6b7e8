// Messages to the person who runs the program, on standard error: "flowgauge: warning: text".
// Any thread may log; a line is written whole. The hot path does not log: it counts.
// The logging library stays behind log.cpp, so that including this costs little compile time.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.h"

namespace flowgauge {

enum class LogLevel { kTrace, kDebug, kInfo, kWarning, kError, kOff };

inline constexpr std::string_view kLogLevelNames = "trace, debug, info, warning, error, off";

// Messages below the level are dropped. The level at start is kInfo.
void set_log_level(LogLevel level);
[[nodiscard]] LogLevel log_level();

// From --log-level; the error lists the levels.
[[nodiscard]] Result<LogLevel> parse_log_level(std::string_view name);
[[nodiscard]] Result<void> set_log_level(std::string_view name);

// Whether a message of this level would be written: for messages that are costly to make.
[[nodiscard]] bool log_enabled(LogLevel level);

// One message as it is, without formatting. kOff writes nothing.
void log_text(LogLevel level, std::string_view text);

template <class... Args>
void log_message(LogLevel level, fmt::format_string<Args...> format, Args&&... args) {
  if (log_enabled(level)) log_text(level, fmt::format(format, std::forward<Args>(args)...));
}

template <class... Args>
void log_debug(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kDebug, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_info(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kInfo, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_warning(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kWarning, format, std::forward<Args>(args)...);
}
template <class... Args>
void log_error(fmt::format_string<Args...> format, Args&&... args) {
  log_message(LogLevel::kError, format, std::forward<Args>(args)...);
}

}  // namespace flowgauge
