#include "core/plugin/host_services.h"

#include <string>

#include "core/base/log.h"
#include "core/base/shown_text.h"
#include "core/base/version.h"
#include "core/plugin/arena.h"
#include "core/plugin/current_call.h"
#include "core/plugin/sink_conditions.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLongestTextBytes = 4096;

LogLevel level_of(fg_log_level level) {
  switch (level) {
    case FG_LOG_ERROR:
      return LogLevel::kError;
    case FG_LOG_WARNING:
      return LogLevel::kWarning;
    case FG_LOG_INFO:
      return LogLevel::kInfo;
    default:
      return LogLevel::kDebug;  // also what a newer plugin may know: never louder than it asked
  }
}

// A plugin's text may hold anything; a line in the log stays one line.
std::string one_line(std::string_view text) { return shown_text(text.substr(0, kLongestTextBytes)); }

// Called from plain C: nothing may be thrown through it.
void log_from_plugin(fg_log_level level, const char* text, size_t size_bytes) noexcept {
  try {
    const std::string line = one_line(text == nullptr ? std::string_view() : std::string_view(text, size_bytes));
    if (level == FG_LOG_ERROR) keep_plugin_error(line);
    const RunningCall* call = running_call();
    if (level == FG_LOG_ERROR && call != nullptr && call->errors == RunningCall::Errors::kKept) return;
    log_text(level_of(level), call == nullptr ? line : std::string(call->feature) + ": " + line);
  } catch (...) {  // out of memory: the line is lost, the run is not
    keep_plugin_error("out of memory");
  }
}

void* allocate_for_plugin(fg_arena* arena, std::uint32_t row, size_t size_bytes) noexcept {
  try {
    return arena == nullptr ? nullptr : arena->allocate(row, size_bytes);
  } catch (...) {
    return nullptr;
  }
}

constexpr fg_host kHost = {sizeof(fg_host), FG_ABI_MINOR,        "flowgauge " FLOWGAUGE_VERSION,
                           log_from_plugin, allocate_for_plugin, tell_condition};

}  // namespace

const fg_host& plugin_host() { return kHost; }

}  // namespace flowgauge
