#include "core/app/terminal_log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/base_sink.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <new>
#include <string>

#include "core/base/shown_text.h"
#include "core/text/iso_time.h"
#include "core/text/json_string.h"

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

// Of syslog(3), as the journal reads it.
std::string_view priority_of(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return "<3>";
    case LogLevel::kWarning:
      return "<4>";
    case LogLevel::kInfo:
      return "<6>";
    default:
      return "<7>";
  }
}

std::string json_message(std::int64_t time_ns, LogLevel level, std::string_view text) {
  std::string line = "{\"time\":\"" + iso_time(time_ns) + "\",\"level\":\"";
  line.append(log_level_name(level)).append("\",\"message\":");
  append_json_string(line, text);
  return line += '}';
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

constexpr const char* kTextPattern = "flowgauge: %l: %v";

class TerminalLog::Logger : public spdlog::logger {
 public:
  explicit Logger(Terminal& terminal) : logger("flowgauge", std::make_shared<TerminalSink>(terminal)) {
    set_pattern(kTextPattern);
    set_level(spdlog::level::info);
    set_error_handler([](const std::string&) {});  // no memory for the line: the message is lost
  }
};

TerminalLog::TerminalLog(Terminal& terminal) : terminal_(terminal), logger_(std::make_unique<Logger>(terminal)) {}
TerminalLog::~TerminalLog() = default;

void TerminalLog::set_level(LogLevel level) { logger_->set_level(to_spdlog(level)); }
LogLevel TerminalLog::level() const { return from_spdlog(logger_->level()); }

bool TerminalLog::is_enabled(LogLevel level) const noexcept { return logger_->should_log(to_spdlog(level)); }

void TerminalLog::set_format(Format format) {
  format_ = format;
  logger_->set_pattern(format == Format::kText ? kTextPattern : "%v");
}

// In memory that may not be there.
void TerminalLog::write(LogLevel level, std::string_view text) noexcept {
  try {
    const std::string lines = lines_of(level, text);
    logger_->log(to_spdlog(level), spdlog::string_view_t(lines.data(), lines.size()));
  } catch (const std::bad_alloc&) {  // the message is lost
  }
}

// Names in a message are those of files and of what others wrote in them.
std::string TerminalLog::lines_of(LogLevel level, std::string_view text) const {
  if (format_ == Format::kJson) {
    const auto now = std::chrono::system_clock::now().time_since_epoch();
    return json_message(std::chrono::nanoseconds(now).count(), level, text);
  }
  std::string lines = shown_lines(text);
  if (format_ == Format::kText) return lines;
  std::string prioritised(priority_of(level));
  for (const char byte : lines) prioritised.append(1, byte).append(byte == '\n' ? priority_of(level) : "");
  return prioritised;
}

void TerminalLog::write_account(std::string_view lines) {
  if (!is_enabled(LogLevel::kInfo)) return;
  if (format_ == Format::kText) return terminal_.write(shown_lines(lines));
  while (!lines.empty()) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    write(LogLevel::kInfo, lines.substr(0, end));
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
}

}  // namespace flowgauge
