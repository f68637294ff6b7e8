// flowgauge summary: what a table holds, and what of it is suspicious.
#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>

#include "core/app/commands.h"
#include "core/app/progress_line.h"
#include "core/app/standard_output.h"
#include "core/base/host_path.h"
#include "core/base/log.h"
#include "core/base/same_file.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/output/destination.h"
#include "core/plugin/search.h"
#include "core/summary/summarize.h"
#include "core/summary/summary_forms.h"

namespace flowgauge {
namespace {

constexpr std::string_view kParquetRows = "parquet_rows";
constexpr std::size_t kLeastColumns = 72, kMostColumns = 160;

// Beside the installed plugins alone: what a variable of the environment names is not run.
std::string parquet_rows() {
  for (const std::string& folder : default_search_path({}).installed) {
    std::string path = fmt::format("{}/{}", folder, kParquetRows);
    if (::access(path.c_str(), X_OK) == 0) return path;
  }
  return {};
}

// As the C library reads it: the first of these variables that says anything.
bool says_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    const char* value = std::getenv(name);
    if (value == nullptr || *value == '\0') continue;
    std::string lower;
    for (const char* at = value; *at != '\0'; ++at)
      lower += *at >= 'A' && *at <= 'Z' ? static_cast<char>(*at + 32) : *at;
    return lower.contains("utf-8") || lower.contains("utf8");
  }
  return false;
}

SummaryLook look_of_standard_output() {
  SummaryLook look;
  look.glyphs = says_utf8() ? Glyphs::kBlocks : Glyphs::kAscii;
  if (isatty(standard_output()) != 1) return look;
  winsize size{};
  if (ioctl(standard_output(), TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
    look.width = std::clamp<std::size_t>(size.ws_col, kLeastColumns, kMostColumns);
  const char* no_color = std::getenv("NO_COLOR");  // no-color.org
  if (no_color == nullptr || *no_color == '\0') look.emphasis = Emphasis::kTerminal;
  return look;
}

Result<void> write_page(const std::string& path, const std::string& page, bool force, const StopRequest& stop) {
  const auto file = TRY(Destination::open(path, replaced_if(force), &stop));
  const auto written = file->write(page);
  const auto finished = file->finish(written ? Finish::kComplete : Finish::kKeepPartial);
  if (!written) return std::unexpected(written.error());
  if (!finished) return std::unexpected(finished.error());
  return {};
}

// Before an hour of reading: whether the page can be written where it is to go.
Result<void> check_page(const SummaryCommand& command) {
  if (!command.page || *command.page == "-") return {};
  for (const std::string& table : command.tables)
    if (is_same_file(host_path(*command.page), host_path(table)))
      return fail(ExitCode::kUsage, "the page {} would be written over a table that is read; give it another name",
                  *command.page);
  return Destination::check(*command.page, replaced_if(command.force));
}

}  // namespace

ExitCode run_summary(const SummaryCommand& command, const StopRequest& stop, Terminal& terminal) {
  if (auto checked = check_page(command); !checked) return say_and_return(checked.error());
  SummaryRequest request{.tables = command.tables, .report = command.report, .parquet_rows = parquet_rows()};
  if (terminal.is_terminal())
    request.on_progress = [&](const SummaryProgress& progress) {
      terminal.set_status(
          progress_line({progress.bytes_read, progress.bytes_total, progress.elapsed}, progress.rows, "rows"));
    };
  const Result<Summary> summary = summarize(request, stop);
  terminal.clear_status();
  if (!summary) return say_and_return(summary.error());
  const bool to_file = command.page && *command.page != "-";
  if (to_file)
    if (auto written = write_page(*command.page, summary_page(*summary), command.force, stop); !written)
      return say_and_return(written.error());
  const std::string text = command.json               ? summary_json(*summary)
                           : command.page && !to_file ? summary_page(*summary)
                                                      : summary_text(*summary, look_of_standard_output());
  const ExitCode code = write_standard_output(text);
  if (!summary->fault) return code;
  log_error("{}; the summary is of the {} before that", summary->fault->message, counted(summary->rows, "row"));
  return code == ExitCode::kOk ? summary->fault->code : code;
}

}  // namespace flowgauge
