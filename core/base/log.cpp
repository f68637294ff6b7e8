#include "core/base/log.h"

#include <array>
#include <utility>
#include <vector>

#include "core/base/suggest.h"

namespace flowgauge {
namespace {

constexpr std::array<std::string_view, 6> kNames = {"trace", "debug", "info", "warning", "error", "off"};

constinit thread_local Log* log_of_thread = nullptr;

}  // namespace

std::string_view log_level_name(LogLevel level) { return kNames.at(static_cast<std::size_t>(level)); }

Result<LogLevel> parse_log_level(std::string_view name) {
  for (std::size_t i = 0; i < kNames.size(); ++i)
    if (kNames.at(i) == name) return static_cast<LogLevel>(i);
  const std::vector<std::string> names(kNames.begin(), kNames.end());
  return fail(ExitCode::kUsage, "'{}' is not a log level ({}){}", name, kLogLevelNames, did_you_mean(name, names));
}

Log* bound_log() noexcept { return log_of_thread; }

std::shared_ptr<Log> borrowed_log(Log* log) { return {std::shared_ptr<void>(), log}; }

LogScope::LogScope(Log* log) noexcept : before_(std::exchange(log_of_thread, log)) {}
LogScope::~LogScope() { log_of_thread = before_; }

bool log_enabled(LogLevel level) noexcept {
  return level != LogLevel::kOff && log_of_thread != nullptr && log_of_thread->is_enabled(level);
}

void log_text(LogLevel level, std::string_view text) noexcept {
  if (log_enabled(level)) log_of_thread->write(level, text);
}

}  // namespace flowgauge
