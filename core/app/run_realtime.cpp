// flowgauge realtime: profile and flags into a live run, its state onto the terminal, its report onto standard error.
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <utility>

#include "core/app/commands.h"
#include "core/app/live_line.h"
#include "core/app/progress_line.h"
#include "core/app/run_end.h"
#include "core/app/run_profile.h"
#include "core/base/log.h"
#include "core/engine/run_live.h"

namespace flowgauge {
namespace {

LiveRequest request_of(const RealtimeCommand& command, Profile profile) {
  LiveRequest request;
  request.profile = std::move(profile);
  request.interfaces = command.interfaces;
  request.plugins = plugin_paths(command.plugins);
  request.limits.duration = std::chrono::nanoseconds(command.duration_ns.value_or(0));
  request.limits.max_packets = command.max_packets.value_or(0);
  request.force = command.force;
  request.report_path = command.report_path;
  return request;
}

// Where rows go to the same terminal they would be written over it.
bool has_room_for_line(const Profile& profile) {
  const auto is_shown = [](const ProfileExporter& exporter) {
    return exporter.path.value.empty() || exporter.path.value == "-";
  };
  return isatty(STDOUT_FILENO) != 1 || std::ranges::none_of(profile.exporters, is_shown);
}

}  // namespace

ExitCode run_realtime(const RealtimeCommand& command, StopRequest& stop) {
  Result<Profile> profile = profile_of_run(command, isatty(STDOUT_FILENO) == 1);
  if (!profile) return say_and_return(profile.error());

  ProgressLine line(stderr);
  LiveRate rate;
  LiveHooks hooks;
  hooks.statistics_interval = std::chrono::nanoseconds(profile->live.stats_interval_ns);
  if (line.active() && has_room_for_line(*profile))
    hooks.on_progress = [&](const LiveStatus& status) { line.show_text(live_line(status, rate)); };
  hooks.before_message = [&] { line.clear(); };
  hooks.on_statistics = [&](const LiveStatus& status) {
    line.clear();
    for (const LiveCounters& counters : status.counters) log_info("{}", counters_text(counters));
  };
  const Result<RunReport> report = run_live(request_of(command, std::move(*profile)), stop, std::move(hooks));
  line.clear();
  if (!report) return say_and_return(report.error());
  return finish_run(*report);
}

}  // namespace flowgauge
