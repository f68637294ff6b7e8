#include "core/app/terminal_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <string>

namespace flowgauge {
namespace {

spdlog::level::level_enum to_spdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace:
      return spdlog::level::trace;
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarning:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
    case LogLevel::kOff:
      break;
  }
  return spdlog::level::off;
}

LogLevel from_spdlog(spdlog::level::level_enum level) {
  for (const LogLevel known :
       {LogLevel::kTrace, LogLevel::kDebug, LogLevel::kInfo, LogLevel::kWarning, LogLevel::kError})
    if (to_spdlog(known) == level) return known;
  return LogLevel::kOff;
}

}  // namespace

class TerminalLog::Sink : public spdlog::logger {
 public:
  Sink() : logger("flowgauge", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    set_pattern("flowgauge: %l: %v");
    set_level(spdlog::level::info);
    flush_on(spdlog::level::trace);
    set_error_handler([](const std::string&) {});  // standard error is gone: nobody left to tell
  }
};

TerminalLog::TerminalLog() : sink_(std::make_unique<Sink>()) {}
TerminalLog::~TerminalLog() = default;

void TerminalLog::set_level(LogLevel level) { sink_->set_level(to_spdlog(level)); }
LogLevel TerminalLog::level() const { return from_spdlog(sink_->level()); }

bool TerminalLog::is_enabled(LogLevel level) const noexcept { return sink_->should_log(to_spdlog(level)); }

void TerminalLog::write(LogLevel level, std::string_view text) noexcept {
  sink_->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace flowgauge
