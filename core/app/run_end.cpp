#include "core/app/run_end.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <string>
#include <utility>

#include "core/app/commands.h"
#include "core/base/log.h"

namespace flowgauge {
namespace {

Result<void> write_report(const RunFlags& command, ReportFile file, const RunReport& report) {
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

Result<ReportFile> open_report(const RunFlags& command) {
  if (!command.report_path) return ReportFile();
  const bool to_standard_output = *command.report_path == "-";
  ReportFile file(to_standard_output ? ::fdopen(::dup(STDOUT_FILENO), "w")
                                     : std::fopen(command.report_path->c_str(), "we"));
  if (!file) {
    return fail(ExitCode::kOutput, "{}: the report cannot be written: {}; choose another path with --report",
                *command.report_path, std::strerror(errno));
  }
  return file;
}

ExitCode finish_run(const RunFlags& command, ReportFile file, const RunReport& report) {
  for (const std::string& warning : report.warnings) log_warning("{}", warning);
  for (const Error& problem : report.problems) log_error("{}", problem.message);
  say_what_is_kept(report);
  ExitCode code = report.exit_code;
  if (file) {
    if (const Result<void> written = write_report(command, std::move(file), report); !written) {
      const ExitCode failed = say_and_return(written.error());
      if (code == ExitCode::kOk) code = failed;
    }
  }
  if (!report.reader_gone && log_enabled(LogLevel::kInfo)) std::fputs(report_text(report).c_str(), stderr);
  return code;
}

}  // namespace flowgauge
