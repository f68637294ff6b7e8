#include "core/app/monitored_run.h"

#include <memory>
#include <optional>
#include <utility>

#include "core/app/commands.h"
#include "core/app/run_end.h"
#include "core/app/service_state.h"
#include "core/base/log.h"
#include "core/monitor/monitor.h"

namespace flowgauge {

ExitCode run_monitored(const Profile& profile, bool force, Observer observer, Terminal& terminal,
                       const ObservedRun& run) {
  auto opened = Monitor::open({.stats_path = profile.monitor.stats.value,
                               .stats_where = profile.monitor.stats.where(),
                               .stats_interval = std::chrono::nanoseconds(profile.live.stats_interval_ns),
                               .metrics = profile.monitor.metrics.value,
                               .metrics_where = profile.monitor.metrics.where(),
                               .force = force});
  if (!opened) return say_and_return(opened.error());
  Monitor& monitor = **opened;
  monitor.watch(observer);
  const std::unique_ptr<ServiceState> service = ServiceState::of_environment();
  if (service) service->watch(observer);
  const Result<RunReport> report = run(observer, [&] { return monitor.open_files(); });
  terminal.clear_status();
  if (!report) return say_and_return(report.error());
  const std::optional<Error> unwritten = monitor.finish();
  if (unwritten) log_error("{}", unwritten->message);
  const ExitCode code = finish_run(*report);
  return code == ExitCode::kOk && unwritten ? unwritten->code : code;
}

}  // namespace flowgauge
