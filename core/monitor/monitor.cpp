#include "core/monitor/monitor.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/monitor/stats_line.h"

namespace flowgauge {
namespace {

constexpr std::chrono::milliseconds kNoPatience{0};
constexpr std::chrono::seconds kLastPatience{2};

std::chrono::nanoseconds interval_of(const MonitorOptions& options) {
  return options.stats_interval.count() > 0 ? options.stats_interval : kStatsInterval;
}

}  // namespace

Monitor::Monitor(MonitorOptions options)
    : options_(std::move(options)), due_(interval_of(options_), Recurring::Clock::time_point(interval_of(options_))) {}

Result<void> Monitor::open_files() {
  if (options_.stats_path.empty()) return {};
  auto opened = StatsFile::open(options_.stats_path, options_.force);
  if (!opened) return fail(opened.error().code, "{}{}", options_.stats_where, opened.error().message);
  stats_ = std::move(*opened);
  return {};
}

void Monitor::watch(Observer& observer) {
  if (!options_.stats_path.empty()) observer.steadily_every = std::min(observer.steadily_every, interval_of(options_));
  observer.steady = [this](const RunStatus& status) { look(status); };
}

void Monitor::look(const RunStatus& status) {
  newest_ = sum_.add(status);
  for (const std::string& warning : conditions_.look(*newest_)) log_warning("{}", warning);
  active_ = conditions_.active();
  if (due_.is_due(Recurring::Clock::time_point(newest_->elapsed))) write_line(kNoPatience, false);
}

void Monitor::write_line(std::chrono::milliseconds patience, bool is_last) {
  if (!stats_) return;
  const std::string line = stats_line(
      {.before = written_ ? &*written_ : nullptr, .now = &*newest_, .is_last = is_last, .conditions = active_});
  const StatsFile::Written written = stats_->write(line, patience);
  if (written == StatsFile::Written::kYes) written_ = newest_;
  if (written == StatsFile::Written::kNoRoom) log_debug("--stats: nobody reads: a line waits for the next one");
}

std::optional<Error> Monitor::finish() {
  if (!newest_) return std::nullopt;
  for (const std::string& warning : conditions_.finish(*newest_)) log_warning("{}", warning);
  active_.clear();
  write_line(kLastPatience, true);
  if (!stats_) return std::nullopt;
  if (stats_->finish(kLastPatience) == StatsFile::Written::kNoRoom)
    return Error{ExitCode::kOutput, "--stats: the last lines are missing, since their reader does not read"};
  return stats_->error();
}

}  // namespace flowgauge
