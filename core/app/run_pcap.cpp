// flowgauge pcap: profile and flags into a run, its progress onto the terminal, its report onto standard error.
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>

#include "core/app/commands.h"
#include "core/app/progress_line.h"
#include "core/app/run_profile.h"
#include "core/base/handle.h"
#include "core/base/log.h"
#include "core/engine/run.h"

namespace flowgauge {
namespace {

using FileHandle = std::unique_ptr<std::FILE, Closer<std::fclose>>;

RunRequest request_of(const PcapCommand& command, Profile profile) {
  RunRequest request;
  request.profile = std::move(profile);
  request.inputs = command.inputs;
  request.plugins = plugin_paths(command.plugins);
  request.max_packets = command.max_packets.value_or(0);
  request.naming = command.per_file ? OutputNaming::kOnePerInput : OutputNaming::kOnePerExporter;
  request.force = command.force;
  return request;
}

// Before the run, so that a path that cannot be written costs no hour of work. "-" is standard output.
Result<FileHandle> open_report(const PcapCommand& command) {
  if (!command.report_path) return FileHandle();
  const bool to_standard_output = *command.report_path == "-";
  FileHandle file(to_standard_output ? ::fdopen(::dup(STDOUT_FILENO), "w")
                                     : std::fopen(command.report_path->c_str(), "we"));
  if (!file) {
    return fail(ExitCode::kOutput, "{}: the report cannot be written: {}; choose another path with --report",
                *command.report_path, std::strerror(errno));
  }
  return file;
}

Result<void> write_report(const PcapCommand& command, FileHandle file, const RunReport& report) {
  const std::string json = report_json(report);
  const bool written = std::fwrite(json.data(), 1, json.size(), file.get()) == json.size();
  const bool closed = std::fclose(file.release()) == 0;
  if (written && closed) return {};
  return fail(ExitCode::kOutput, "{}: the report cannot be written: {}", *command.report_path, std::strerror(errno));
}

// A failing output has said itself where its rows are.
void say_what_is_kept(const RunReport& report) {
  if (report.interrupted) log_warning("interrupted: the rows are of what was read until then");
  const auto is_of_output = [](const Error& problem) { return problem.code == ExitCode::kOutput; };
  if (std::ranges::any_of(report.problems, is_of_output)) return;
  for (const OutputReport& output : report.outputs) {
    if (!output.complete && output.location.ends_with(".part")) {
      log_warning("{}: holds the rows so far; it is not renamed, since the run did not end well", output.location);
    }
  }
}

}  // namespace

ExitCode run_pcap(const PcapCommand& command, StopRequest& stop) {
  Result<Profile> profile = profile_of_run(command, isatty(STDOUT_FILENO) == 1);
  if (!profile) return say_and_return(profile.error());
  Result<FileHandle> report_file = open_report(command);
  if (!report_file) return say_and_return(report_file.error());

  const auto start = std::chrono::steady_clock::now();
  ProgressLine progress(stderr);
  const OnProgress on_progress = [&](const SourceProgress& source, std::uint64_t frames) {
    progress.show({source, frames, std::chrono::steady_clock::now() - start});
  };
  const Result<RunReport> report = run(request_of(command, std::move(*profile)), stop, on_progress);
  progress.clear();
  if (!report) return say_and_return(report.error());

  for (const std::string& warning : report->warnings) log_warning("{}", warning);
  for (const Error& problem : report->problems) log_error("{}", problem.message);
  say_what_is_kept(*report);
  ExitCode code = report->exit_code;
  if (*report_file) {
    if (const Result<void> written = write_report(command, std::move(*report_file), *report); !written) {
      const ExitCode failed = say_and_return(written.error());
      if (code == ExitCode::kOk) code = failed;
    }
  }
  if (!report->reader_gone && log_enabled(LogLevel::kInfo)) std::fputs(report_text(*report).c_str(), stderr);
  return code;
}

}  // namespace flowgauge
