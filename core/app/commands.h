// One function per command. Each says on standard error what went wrong and returns the program's exit code.
#pragma once

#include "core/app/command.h"
#include "core/app/terminal.h"
#include "core/base/result.h"
#include "core/base/run_requests.h"
#include "core/base/stop_request.h"
#include "core/engine/plan.h"

namespace flowgauge {

// What signals ask for.
struct Asked {
  StopRequest& stop;
  RunRequests& requests;  // of a live run
};

// `terminal` is where messages go: runs show their status there.
[[nodiscard]] ExitCode run_command(const Command& command, const Asked& asked, Terminal& terminal);

// Whether code of plugins runs in it: then it is done under a supervisor.
[[nodiscard]] bool loads_plugins(const Command& command);

[[nodiscard]] ExitCode run_pcap(const PcapCommand& command, StopRequest& stop, Terminal& terminal);
[[nodiscard]] ExitCode run_events(const EventsCommand& command, StopRequest& stop);
[[nodiscard]] ExitCode run_flows(const FlowsCommand& command, StopRequest& stop, Terminal& terminal);
[[nodiscard]] ExitCode run_realtime(const RealtimeCommand& command, const Asked& asked, Terminal& terminal);
[[nodiscard]] ExitCode run_merge(const MergeCommand& command, const StopRequest& stop);
[[nodiscard]] ExitCode run_summary(const SummaryCommand& command, const StopRequest& stop, Terminal& terminal);
[[nodiscard]] ExitCode run_plugins(const PluginsCommand& command);
[[nodiscard]] ExitCode run_columns(const ColumnsCommand& command);
[[nodiscard]] ExitCode run_profile_check(const ProfileCheckCommand& command);
[[nodiscard]] ExitCode run_profile_explain(const ProfileExplainCommand& command);
[[nodiscard]] ExitCode run_configure(const ConfigureCommand& command, const StopRequest& stop, Terminal& terminal);
[[nodiscard]] ExitCode run_plugin_new(const PluginNewCommand& command);
[[nodiscard]] ExitCode run_plugin_info(const PluginInfoCommand& command);
[[nodiscard]] ExitCode run_plugin_check(const PluginCheckCommand& command);
[[nodiscard]] ExitCode run_plugin_trial(const PluginTrialCommand& command);
[[nodiscard]] ExitCode run_completion(const CompletionCommand& command);
[[nodiscard]] ExitCode run_doctor(const DoctorCommand& command);

// What the commands share: where plugins are, and the end of a command that failed.
[[nodiscard]] PluginPaths plugin_paths(const PluginFlags& flags);
[[nodiscard]] ExitCode say_and_return(const Error& error);

}  // namespace flowgauge
