#include "core/app/commands.h"

#include <fmt/format.h>

#include <cstdio>
#include <type_traits>

#include "core/app/standard_output.h"
#include "core/base/log.h"
#include "core/base/traced.h"
#include "core/base/version.h"
#include "core/packet/endpoint_class.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {
namespace {

struct Runner {
  const Asked& asked;
  Terminal& terminal;

  ExitCode operator()(const PcapCommand& command) const { return run_pcap(command, asked.stop, terminal); }
  ExitCode operator()(const EventsCommand& command) const { return run_events(command, asked.stop); }
  ExitCode operator()(const FlowsCommand& command) const { return run_flows(command, asked.stop, terminal); }
  ExitCode operator()(const RealtimeCommand& command) const { return run_realtime(command, asked, terminal); }
  ExitCode operator()(const MergeCommand& command) const { return run_merge(command, asked.stop); }
  ExitCode operator()(const SummaryCommand& command) const { return run_summary(command, asked.stop, terminal); }
  ExitCode operator()(const PluginsCommand& command) const { return run_plugins(command); }
  ExitCode operator()(const ColumnsCommand& command) const { return run_columns(command); }
  ExitCode operator()(const ProfileCheckCommand& command) const { return run_profile_check(command); }
  ExitCode operator()(const ProfileExplainCommand& command) const { return run_profile_explain(command); }
  ExitCode operator()(const ConfigureCommand& command) const { return run_configure(command, asked.stop, terminal); }
  ExitCode operator()(const PluginNewCommand& command) const { return run_plugin_new(command); }
  ExitCode operator()(const PluginInfoCommand& command) const { return run_plugin_info(command); }
  ExitCode operator()(const PluginCheckCommand& command) const { return run_plugin_check(command); }
  ExitCode operator()(const PluginTrialCommand& command) const { return run_plugin_trial(command); }
  ExitCode operator()(const DoctorCommand& command) const { return run_doctor(command); }
  ExitCode operator()(const VersionCommand&) const {
    return write_standard_output(fmt::format("flowgauge {} (plugin ABI 1.{})\nservice groups {} (SHA-256 {})\n",
                                             FLOWGAUGE_VERSION, FG_ABI_MINOR, kServiceGroupVersion,
                                             service_group_sha256()));
  }
  ExitCode operator()(const CompletionCommand& command) const { return run_completion(command); }
  ExitCode operator()(const HelpCommand& command) const { return write_standard_output(command.text); }
};

}  // namespace

ExitCode run_command(const Command& command, const Asked& asked, Terminal& terminal) {
  return std::visit(Runner{asked, terminal}, command);
}

bool loads_plugins(const Command& command) {
  return std::visit(
      []<class One>(const One&) {
        constexpr bool never = std::is_same_v<One, MergeCommand> || std::is_same_v<One, SummaryCommand> ||
                               std::is_same_v<One, PluginNewCommand> || std::is_same_v<One, ProfileExplainCommand> ||
                               std::is_same_v<One, ConfigureCommand> || std::is_same_v<One, PluginTrialCommand> ||
                               std::is_same_v<One, VersionCommand> || std::is_same_v<One, HelpCommand>;
        return !never;
      },
      command);
}

PluginPaths plugin_paths(const PluginFlags& flags) {
  using How = PluginTrial::How;
  return {.directories = flags.directories,
          .trust = flags.insecure ? TrustRule::kAnyFile : TrustRule::kOwnedFiles,
          .trial = {.how = is_traced() ? How::kNone : How::kFork}};
}

ExitCode say_and_return(const Error& error) {
  log_error("{}", error.message);
  return error.code;
}

}  // namespace flowgauge
