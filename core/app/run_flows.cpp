// flowgauge flows: event files of all captures of a job into the rows of some partitions.
#include <unistd.h>

#include <utility>

#include "core/app/commands.h"
#include "core/app/files_run.h"
#include "core/app/run_profile.h"
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
  return run_over_files(command, flows_request_of(command, std::move(*profile)), printable(command.folder), stop,
                        terminal);
}

}  // namespace flowgauge
