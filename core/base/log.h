// Messages to a person, wherever they are shown: each goes to the log that is bound to the thread it comes from, and is
// dropped where none is. The hot path does not log: it counts.
//
// Whoever starts work binds a log for its scope (LogScope), and each thread that is started for this work binds that of
// the thread that starts it. So two runs in one process have two logs, and no code in between hands one on.
#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "core/base/result.h"

namespace flowgauge {

enum class LogLevel { kTrace, kDebug, kInfo, kWarning, kError, kOff };

inline constexpr std::string_view kLogLevelNames = "trace, debug, info, warning, error, off";

[[nodiscard]] std::string_view log_level_name(LogLevel level);
// From --log-level; the error lists the levels.
[[nodiscard]] Result<LogLevel> parse_log_level(std::string_view name);

// Where messages go. Any thread that it is bound to calls it, at any time.
class Log {
 public:
  Log() = default;
  Log(const Log&) = delete;
  Log& operator=(const Log&) = delete;
  virtual ~Log() = default;

  // Whether write() would show a message of this level: for messages that are costly to make. Never asked for kOff.
  [[nodiscard]] virtual bool is_enabled(LogLevel level) const noexcept = 0;
  // One message, of an enabled level: a line without its end. What goes wrong here is the log's own matter.
  virtual void write(LogLevel level, std::string_view text) noexcept = 0;
};

// That of the calling thread; null: messages are dropped.
[[nodiscard]] Log* bound_log() noexcept;

// For those who keep a log by shared pointer: of one that lives longer anyway.
[[nodiscard]] std::shared_ptr<Log> borrowed_log(Log* log);

// Binds a log to the calling thread, as long as it lives. The log outlives the scope. Null: nothing is said in it.
class LogScope {
 public:
  explicit LogScope(Log* log) noexcept;
  LogScope(const LogScope&) = delete;
  LogScope& operator=(const LogScope&) = delete;
  ~LogScope();

 private:
  Log* before_;
};

// Whether a message of this level would be written.
[[nodiscard]] bool log_enabled(LogLevel level) noexcept;

// One message as it is, without formatting. kOff writes nothing.
void log_text(LogLevel level, std::string_view text) noexcept;

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
