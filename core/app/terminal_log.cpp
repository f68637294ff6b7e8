#include "core/app/terminal_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <mutex>
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

// Whole lines, above the line of status.
class TerminalSink final : public spdlog::sinks::base_sink<std::mutex> {
 public:
  explicit TerminalSink(Terminal& terminal) : terminal_(terminal) {}

 private:
  void sink_it_(const spdlog::details::log_msg& message) override {
    spdlog::memory_buf_t line;
    formatter_->format(message, line);
    terminal_.write({line.data(), line.size()});
  }
  void flush_() override {}

  Terminal& terminal_;
};

}  // namespace

class TerminalLog::Logger : public spdlog::logger {
 public:
  explicit Logger(Terminal& terminal) : logger("flowgauge", std::make_shared<TerminalSink>(terminal)) {
    set_pattern("flowgauge: %l: %v");
    set_level(spdlog::level::info);
    set_error_handler([](const std::string&) {});  // no memory for the line: the message is lost
  }
};

TerminalLog::TerminalLog(Terminal& terminal) : logger_(std::make_unique<Logger>(terminal)) {}
TerminalLog::~TerminalLog() = default;

void TerminalLog::set_level(LogLevel level) { logger_->set_level(to_spdlog(level)); }
LogLevel TerminalLog::level() const { return from_spdlog(logger_->level()); }

bool TerminalLog::is_enabled(LogLevel level) const noexcept { return logger_->should_log(to_spdlog(level)); }

void TerminalLog::write(LogLevel level, std::string_view text) noexcept {
  logger_->log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace flowgauge
