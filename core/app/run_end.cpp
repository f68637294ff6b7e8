#include "core/app/run_end.h"

#include <algorithm>
#include <string>

#include "core/app/terminal_log.h"
#include "core/base/log.h"

namespace flowgauge {
namespace {

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

ExitCode finish_run(const RunReport& report) {
  for (const std::string& warning : report.warnings) log_warning("{}", warning);
  for (const Error& problem : report.problems) log_error("{}", problem.message);
  say_what_is_kept(report);
  if (report.not_written) log_error("the report: {}", report.not_written->message);
  if (auto* log = dynamic_cast<TerminalLog*>(bound_log()); log != nullptr && !report.reader_gone)
    log->write_account(report_text(report));
  return report.exit_code == ExitCode::kOk && report.not_written ? report.not_written->code : report.exit_code;
}

}  // namespace flowgauge
