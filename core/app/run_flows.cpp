// flowgauge flows: event files of all captures of a job into the rows of some partitions.
#include <unistd.h>

#include <utility>

#include "core/app/commands.h"
#include "core/app/monitored_run.h"
#include "core/app/progress_line.h"
#include "core/app/run_profile.h"
#include "core/app/whole_screen.h"
#include "core/base/host_path.h"
#include "core/base/text.h"
#include "core/engine/run.h"

namespace flowgauge {
namespace {

RunRequest flows_request_of(const FlowsCommand& command, Profile profile) {
  RunRequest request;
  request.profile = std::move(profile);
  request.event_folder = command.folder;
  request.plugins = plugin_paths(command.plugins);
  request.columns = command.columns;
  request.partitions = command.partitions.value_or(PartitionSet::all());
  request.order_columns = command.order_columns ? OrderColumns::kAppended : OrderColumns::kNone;
  request.force = command.force;
  request.report_path = command.report_path;
  return request;
}

}  // namespace

ExitCode run_flows(const FlowsCommand& command, StopRequest& stop, Terminal& terminal) {
  Result<Profile> profile = profile_of_run(command, isatty(standard_output()) == 1);
  if (!profile) return say_and_return(profile.error());
  auto screen = WholeScreen::prepare(terminal, command.view, *profile, printable(command.folder), kShortRun);
  if (!screen) return say_and_return(screen.error());
  RunRequest request = flows_request_of(command, std::move(*profile));
  return run_monitored(request.profile, command.force, (*screen)->observer(observer_on(terminal)), terminal,
                       [&](const Observer& observer, auto on_files_checked) {
                         request.on_files_checked = std::move(on_files_checked);
                         return run(request, stop, observer);
                       });
}

}  // namespace flowgauge
