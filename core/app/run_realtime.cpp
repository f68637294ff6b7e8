// flowgauge realtime: profile and flags into a live run, its state onto the terminal, its report onto standard error.
#include <unistd.h>

#include <algorithm>
#include <utility>

#include "core/app/commands.h"
#include "core/app/host_facts.h"
#include "core/app/interface_list.h"
#include "core/app/live_line.h"
#include "core/app/monitored_run.h"
#include "core/app/run_profile.h"
#include "core/app/run_rights.h"
#include "core/app/terminal_log.h"
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

// Somebody who names no interface may not know which there are.
ExitCode list_interfaces_instead() {
  const Result<std::vector<Interface>> interfaces = list_interfaces();
  if (!interfaces) return say_and_return(interfaces.error());
  const HostFacts facts = facts_of_host(*interfaces);
  const AddressesByName addresses = addresses_of_interfaces();
  if (auto* log = dynamic_cast<TerminalLog*>(bound_log()); log != nullptr)
    log->write_account(interface_list(facts, addresses));
  return say_and_return({ExitCode::kUsage, missing_interface_text(facts, addresses)});
}

}  // namespace

ExitCode run_realtime(const RealtimeCommand& command, const Asked& asked, Terminal& terminal) {
  if (command.interfaces.empty()) return list_interfaces_instead();
  Result<Profile> profile = profile_of_run(command, isatty(standard_output()) == 1);
  if (!profile) return say_and_return(profile.error());

  auto screen =
      WholeScreen::prepare(terminal, command.view, *profile, join(command.interfaces), std::chrono::nanoseconds(0));
  if (!screen) return say_and_return(screen.error());
  const bool are_logged = profile->monitor.stats.value.empty();  // else statistics go there
  LiveViews views(terminal, terminal.is_terminal() ? LiveViews::Line::kShown : LiveViews::Line::kNone,
                  std::chrono::nanoseconds(are_logged ? profile->live.stats_interval_ns : 0));
  LiveRequest request = request_of(command, std::move(*profile));
  request.requests = &asked.requests;
  request.on_planned = [&live = request.profile.live](auto files) { return take_user(live, files); };
  request.on_attached = [&live = request.profile.live] { take_system_calls(live); };
  return run_monitored(request.profile, command.force, (*screen)->observer(views.observer()), terminal,
                       [&](const Observer& observer, auto on_files_checked) {
                         request.on_files_checked = std::move(on_files_checked);
                         return run_live(request, asked.stop, observer);
                       });
}

}  // namespace flowgauge
