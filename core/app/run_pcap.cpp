// flowgauge pcap: profile and flags into a run, its progress onto the terminal, its account onto standard error.
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

RunRequest request_of(const PcapCommand& command, Profile profile) {
  RunRequest request;
  request.profile = std::move(profile);
  request.inputs = command.inputs;
  request.plugins = plugin_paths(command.plugins);
  request.columns = command.columns;
  request.max_packets = command.max_packets.value_or(0);
  request.naming = command.per_file ? OutputNaming::kOnePerInput : OutputNaming::kOnePerExporter;
  request.partitions = command.partitions.value_or(PartitionSet::all());
  request.order_columns = command.order_columns ? OrderColumns::kAppended : OrderColumns::kNone;
  request.force = command.force;
  request.report_path = command.report_path;
  return request;
}

}  // namespace

ExitCode run_pcap(const PcapCommand& command, StopRequest& stop, Terminal& terminal) {
  Result<Profile> profile = profile_of_run(command, isatty(standard_output()) == 1);
  if (!profile) return say_and_return(profile.error());

  const std::string title =
      command.inputs.size() == 1 ? printable(command.inputs.front()) : counted(command.inputs.size(), "input");
  return run_over_files(command, request_of(command, std::move(*profile)), title, stop, terminal);
}

}  // namespace flowgauge
