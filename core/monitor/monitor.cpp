#include "core/monitor/monitor.h"

#include <algorithm>
#include <utility>

#include "core/base/log.h"
#include "core/monitor/health.h"
#include "core/monitor/metrics_page.h"
#include "core/monitor/metrics_text.h"
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

Result<std::unique_ptr<Monitor>> Monitor::open(MonitorOptions options) {
  std::unique_ptr<Monitor> monitor(new Monitor(std::move(options)));
  const MonitorOptions& given = monitor->options_;
  if (given.metrics.empty()) return monitor;
  const auto refuse = [&](const Error& error) { return fail(error.code, "{}{}", given.metrics_where, error.message); };
  const auto address = parse_listen_address(given.metrics);
  if (!address) return refuse(address.error());
  auto server = HttpServer::open(*address);
  if (!server) return refuse(server.error());
  monitor->server_ = std::move(*server);
  log_info("metrics at http://{}/", monitor->server_->address().text());
  if (!address->is_loopback())
    log_warning("{}{} can be reached from other hosts: anybody there can read the metrics, without a password",
                given.metrics_where, given.metrics);
  return monitor;
}

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
  show();
  if (due_.is_due(Recurring::Clock::time_point(newest_->elapsed))) write_line(kNoPatience, false);
}

// The first look is that of a run that has begun.
void Monitor::show() {
  if (!server_) return;
  {
    const std::scoped_lock lock(mutex_);
    RunStatus before = shown_ ? std::move(shown_->now) : RunStatus{};
    shown_ = Shown{std::move(before), *newest_, active_, Recurring::Clock::now()};
  }
  if (std::exchange(is_served_, true)) return;
  if (const auto served = server_->serve([this](std::string_view path) { return answer(path); }); !served)
    log_error("{}", served.error().message);
}

HttpAnswer Monitor::answer(std::string_view path) const {
  const std::scoped_lock lock(mutex_);
  if (path == "/") return {.type = "text/html; charset=utf-8", .body = std::string(metrics_page())};
  if (path == "/metrics") return {.type = kMetricsContentType, .body = metrics_text(shown_->now, shown_->conditions)};
  if (path == "/stats.json")
    return {.type = "application/json",
            .body = stats_line({.before = &shown_->before, .now = &shown_->now, .conditions = shown_->conditions})};
  if (path == "/healthz") {
    const auto ailment = what_ails(shown_->now, Recurring::Clock::now() - shown_->taken);
    if (ailment) return {.status = 503, .body = *ailment + "\n"};
    return {.body = "ok\n"};
  }
  return {.status = 404, .body = "there is /, /metrics, /stats.json and /healthz\n"};
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
  if (server_) server_->stop();
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
