#include "core/base/log.h"

#include <spdlog/logger.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <array>
#include <memory>
#include <vector>

#include "core/base/suggest.h"

namespace flowgauge {
namespace {

struct NamedLevel {
  std::string_view name;
  LogLevel level;
};
constexpr std::array kLevels = {
    NamedLevel{"trace", LogLevel::kTrace}, NamedLevel{"debug", LogLevel::kDebug},
    NamedLevel{"info", LogLevel::kInfo},   NamedLevel{"warning", LogLevel::kWarning},
    NamedLevel{"error", LogLevel::kError}, NamedLevel{"off", LogLevel::kOff},
};

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
  for (const NamedLevel& known : kLevels) {
    if (to_spdlog(known.level) == level) return known.level;
  }
  return LogLevel::kOff;
}

// Never destroyed: threads and destructors may log until the very end of the process.
spdlog::logger& logger() {
  static spdlog::logger& instance = *[] {
    auto sink = std::make_shared<spdlog::sinks::stderr_sink_mt>();
    auto* created = new spdlog::logger("flowgauge", std::move(sink));
    created->set_pattern("flowgauge: %l: %v");
    created->set_level(spdlog::level::info);
    created->flush_on(spdlog::level::trace);
    created->set_error_handler([](const std::string&) {});  // standard error is gone: nobody left to tell
    return created;
  }();
  return instance;
}

}  // namespace

void set_log_level(LogLevel level) { logger().set_level(to_spdlog(level)); }

LogLevel log_level() { return from_spdlog(logger().level()); }

Result<LogLevel> parse_log_level(std::string_view name) {
  std::vector<std::string> names;
  for (const NamedLevel& known : kLevels) {
    if (known.name == name) return known.level;
    names.emplace_back(known.name);
  }
  return fail(ExitCode::kUsage, "'{}' is not a log level ({}){}", name, kLogLevelNames, did_you_mean(name, names));
}

Result<void> set_log_level(std::string_view name) {
  const Result<LogLevel> level = parse_log_level(name);
  if (!level) return std::unexpected(level.error());
  set_log_level(*level);
  return {};
}

bool log_enabled(LogLevel level) { return level != LogLevel::kOff && logger().should_log(to_spdlog(level)); }

void log_text(LogLevel level, std::string_view text) {
  if (level == LogLevel::kOff) return;
  logger().log(to_spdlog(level), spdlog::string_view_t(text.data(), text.size()));
}

}  // namespace flowgauge
