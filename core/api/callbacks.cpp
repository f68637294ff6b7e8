#include "core/api/callbacks.h"

#include <algorithm>
#include <new>
#include <string>

namespace flowgauge::api {
namespace {

LogLevel level_of(flowgauge_log_level level) {
  switch (level) {
    case FLOWGAUGE_LOG_ERROR:
      return LogLevel::kError;
    case FLOWGAUGE_LOG_WARNING:
      return LogLevel::kWarning;
    case FLOWGAUGE_LOG_DEBUG:
      return LogLevel::kDebug;
    default:
      return LogLevel::kInfo;
  }
}

flowgauge_log_level level_of(LogLevel level) {
  switch (level) {
    case LogLevel::kError:
      return FLOWGAUGE_LOG_ERROR;
    case LogLevel::kWarning:
      return FLOWGAUGE_LOG_WARNING;
    case LogLevel::kInfo:
      return FLOWGAUGE_LOG_INFO;
    default:
      return FLOWGAUGE_LOG_DEBUG;
  }
}

std::uint64_t count_of(std::chrono::nanoseconds time) {
  return static_cast<std::uint64_t>(std::max<std::int64_t>(time.count(), 0));
}

flowgauge_progress progress_of(const RunStatus& status) {
  const WorkerStatus total = status.total();
  flowgauge_progress progress{};
  progress.struct_size = sizeof progress;
  progress.is_last = status.phase == RunStatus::Phase::kDone ? 1 : 0;
  progress.elapsed_ns = count_of(status.elapsed);
  progress.frames = status.ledger.frames_read;
  progress.flows = total.flows.flows;
  progress.open_flows = total.open_flows;
  progress.rows = total.rows;
  progress.done_bytes = status.files ? status.files->bytes_read : 0;
  progress.total_bytes = status.files ? status.files->bytes_total : 0;
  progress.memory_bytes = status.memory_bytes;
  return progress;
}

}  // namespace

Callbacks::Callbacks(const flowgauge_options& options)
    : least_(level_of(options.log_level)),
      log_(options.log),
      log_user_(options.log_user),
      progress_(options.progress),
      progress_user_(options.progress_user) {}

bool Callbacks::is_enabled(LogLevel level) const noexcept { return log_ != nullptr && level >= least_; }

void Callbacks::write(LogLevel level, std::string_view text) noexcept {
  try {
    const std::string line(text);  // with a NUL behind it
    const std::scoped_lock lock(mutex_);
    log_(log_user_, level_of(level), line.c_str());
  } catch (const std::bad_alloc&) {
    return;  // a message less; what ran out of memory says so itself
  }
}

void Callbacks::tell(const RunStatus& status) {
  const flowgauge_progress progress = progress_of(status);
  const std::scoped_lock lock(mutex_);
  progress_(progress_user_, &progress);
}

Observer observer_of(const flowgauge_options& options, const std::shared_ptr<Callbacks>& callbacks) {
  Observer observer;
  if (options.progress != nullptr) observer.status = [callbacks](const RunStatus& status) { callbacks->tell(status); };
  return observer;
}

}  // namespace flowgauge::api
