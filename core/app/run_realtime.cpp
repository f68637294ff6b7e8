// flowgauge realtime: profile and flags into a live run, its state onto the terminal, its report onto standard error.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/app/commands.h"
#include "core/app/live_line.h"
#include "core/app/run_end.h"
#include "core/app/run_profile.h"
#include "core/app/whole_screen.h"
#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/recurring.h"
#include "core/engine/run_live.h"

namespace flowgauge {
namespace {

LiveRequest request_of(const RealtimeCommand& command, Profile profile) {
  LiveRequest request;
  request.profile = std::move(profile);
  request.interfaces = command.interfaces;
  request.plugins = plugin_paths(command.plugins);
  request.columns = command.columns;
  request.limits.duration = std::chrono::nanoseconds(command.duration_ns.value_or(0));
  request.limits.max_packets = command.max_packets.value_or(0);
  request.force = command.force;
  request.report_path = command.report_path;
  return request;
}

// What is seen of a run while it goes on: a line of status, and lines of statistics at their interval.
class LiveViews {
 public:
  enum class Line { kShown, kNone };

  LiveViews(Terminal& terminal, Line line, std::chrono::nanoseconds statistics_interval)
      : terminal_(terminal),
        line_(line),
        interval_(statistics_interval),
        statistics_(statistics_interval, Recurring::Clock::time_point(statistics_interval)) {}

  // Which refers to this.
  [[nodiscard]] Observer observer() {
    Observer observer;
    if (line_ == Line::kNone && interval_ == interval_.zero()) return observer;
    if (line_ == Line::kNone) observer.every = interval_;
    if (interval_ != interval_.zero()) observer.every = std::min(observer.every, interval_);
    observer.status = [this](const RunStatus& status) { show(status); };
    return observer;
  }

 private:
  void show(const RunStatus& status) {
    if (line_ == Line::kShown) terminal_.set_status(live_line(status, rate_));
    if (status.phase != RunStatus::Phase::kRunning) return;
    if (!statistics_.is_due(Recurring::Clock::time_point(status.elapsed))) return;
    for (const LiveCounters& counters : status.interfaces) log_info("{}", counters_text(counters));
    for (const std::string& text : counter_texts(status.counters)) log_info("{}", text);
  }

  Terminal& terminal_;
  Line line_;
  std::chrono::nanoseconds interval_;
  Recurring statistics_;  // by the status's own time
  LiveRate rate_;
};

}  // namespace

ExitCode run_realtime(const RealtimeCommand& command, StopRequest& stop, Terminal& terminal) {
  Result<Profile> profile = profile_of_run(command, isatty(standard_output()) == 1);
  if (!profile) return say_and_return(profile.error());

  const std::string title = join(command.interfaces);
  auto screen = WholeScreen::prepare(terminal, command.view, *profile, title, std::chrono::nanoseconds(0));
  if (!screen) return say_and_return(screen.error());
  const bool has_line = terminal.is_terminal();
  LiveViews views(terminal, has_line ? LiveViews::Line::kShown : LiveViews::Line::kNone,
                  std::chrono::nanoseconds(profile->live.stats_interval_ns));
  const Result<RunReport> report =
      run_live(request_of(command, std::move(*profile)), stop, (*screen)->observer(views.observer()));
  (*screen)->close();
  terminal.clear_status();
  if (!report) return say_and_return(report.error());
  return finish_run(*report);
}

}  // namespace flowgauge
