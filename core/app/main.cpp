// flowgauge: packets in, flow feature rows out.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <cstdio>
#include <new>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "core/app/command_line.h"
#include "core/app/commands.h"
#include "core/app/configure.h"
#include "core/app/signals.h"
#include "core/app/standard_files.h"
#include "core/app/supervisor.h"
#include "core/app/terminal.h"
#include "core/app/terminal_log.h"
#include "core/base/log.h"
#include "core/base/terminal_rows.h"
#include "core/base/traced.h"
#include "core/host/service_manager.h"
#include "core/output/file_mode.h"

namespace {

int run_program(int count, char** arguments, flowgauge::StopRequest& stop) {
  using namespace flowgauge;
  static RunRequests requests;
  // Never destroyed: destructors may log until the very end of the process.
  static Terminal& terminal = *new Terminal(stderr);
  static TerminalLog& log = *new TerminalLog(terminal);
  const LogScope scope(&log);
  std::vector<std::string> words(arguments + (count > 0 ? 1 : 0), arguments + count);
  if (words.empty() && can_configure()) words = {"configure"};
  const Result<CommandLine> line = parse_command_line(words);
  if (!line) {
    log_error("{}", line.error().message);
    terminal.write_rest();
    return static_cast<int>(line.error().code);
  }
  log.set_level(line->log_level);
  const bool is_for_journal = line->log_format == TerminalLog::Format::kText && goes_to_journal(STDERR_FILENO);
  log.set_format(is_for_journal ? TerminalLog::Format::kJournal : line->log_format);
  set_signal_message_format(line->log_format);
  if (terminal.is_terminal()) set_before_terminal_rows([](std::string_view rows) { terminal.make_way(rows); });
  const bool is_live = std::holds_alternative<RealtimeCommand>(line->command);
  if (is_live) {
    install_request_signals(requests);
    ::umask(::umask(kLiveMask) | kLiveMask);
  }
  const auto work = [&] { return run_command(line->command, {stop, requests}, terminal); };
  // Who debugs a plugin wants one process, and no limit of time on it.
  const bool is_guarded = loads_plugins(line->command) && !is_traced();
  const ExitCode code =
      is_guarded ? run_supervised(work, terminal, is_live ? SupervisedRun::kLive : SupervisedRun::kOther) : work();
  terminal.write_rest();
  return static_cast<int>(code);
}

}  // namespace

int main(int count, char** arguments) {
  using namespace flowgauge;
  hold_closed_standard_files();
  static StopRequest stop;
  install_crash_handler();
  install_stop_signals(stop);
  try {
    return run_program(count, arguments, stop);
  } catch (const std::bad_alloc&) {  // a run has its own sentence
    std::fputs("flowgauge: error: out of memory; give this process more\n", stderr);
    return static_cast<int>(ExitCode::kMemory);
  }
}
