#include "core/app/table_options.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/app/help_text.h"
#include "core/app/option_values.h"

namespace flowgauge {

void MergeOptions::declare(CLI::App& app) {
  TableMerge& merge = merge_.merge;
  add_value(app, "TABLE", merge.inputs, "",
            "CSV tables of runs over the same capture with --partitions and --order-columns, or - for standard input")
      ->required();
  app.add_option("-o,--output", merge.output, "Write the table to this file instead of standard output")
      ->type_name("PATH");
  app.add_flag(
      "--keep-order-columns", [&merge](std::int64_t) { merge.columns = MergedColumns::kAll; },
      "Keep the columns that the rows are sorted by: flow.release_frame, _cause, _deadline and _creation");
  app.add_flag("--force", merge.force, "Overwrite an output file that exists");
  app.footer(fmt::format("{}{}", kMergeExamples, kMergeExitCodes));
}

void SummaryOptions::declare(CLI::App& app) {
  add_value(app, "TABLE", summary_.tables, "",
            "CSV, JSON lines or Parquet files, plain or compressed, or - for standard input. Several files are one "
            "table, in the "
            "order given")
      ->required();
  add_value(app, "--report", summary_.report, "FILE",
            "The run report of the tables, for what their rows do not show (default: TABLE.meta.json, if it exists)");
  add_value(app, "--html", summary_.page, "PATH",
            "Write a page with plots to this file. -: to standard output, instead of the text");
  app.add_flag("--json", summary_.json, "Print JSON instead of text");
  app.add_flag("--force", summary_.force, "Overwrite a page that exists");
  app.footer(fmt::format("{}{}", kSummaryExamples, kSummaryExitCodes));
}

Result<Command> SummaryOptions::read(const CLI::App& app) const {
  if (summary_.json && summary_.page == "-")
    return mistake(app, "--json and --html - would both write to standard output");
  if (std::ranges::count(summary_.tables, "-") > 1) return mistake(app, "standard input can be read once; name - once");
  return Command(summary_);
}

}  // namespace flowgauge
