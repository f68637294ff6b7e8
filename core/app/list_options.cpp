#include "core/app/list_options.h"

#include <fmt/format.h>

#include "core/app/option_values.h"
#include "core/app/run_options.h"
#include "core/app/tool_help_text.h"
#include "core/base/try.h"

namespace flowgauge {
namespace {

Result<ListFormat> list_format(const CLI::App& app, bool json, bool markdown) {
  if (json && markdown) return mistake(app, "--json and --markdown exclude each other");
  return json ? ListFormat::kJson : markdown ? ListFormat::kMarkdown : ListFormat::kTable;
}

}  // namespace

void PluginsOptions::declare(CLI::App& app) {
  app.add_flag("--json", json_, "Print JSON");
  app.add_flag("--markdown", markdown_, "Print a table in Markdown");
  add_plugin_flags(app, plugins_.plugins);
  app.footer(fmt::format("{}{}", kPluginsExamples, kListExitCodes));
}

Result<Command> PluginsOptions::read(const CLI::App& app) {
  plugins_.format = TRY(list_format(app, json_, markdown_));
  return Command(plugins_);
}

void ColumnsOptions::declare(CLI::App& app) {
  app.add_flag("--json", json_, "Print JSON");
  app.add_flag("--markdown", markdown_, "Print Markdown, as in docs/columns.md");
  app.add_flag("--contamination", columns_.contamination,
               "Print the contamination classes that each column reveals, and why");
  add_plugin_flags(app, columns_.plugins);
  app.footer(fmt::format("{}{}", kColumnsExamples, kListExitCodes));
}

Result<Command> ColumnsOptions::read(const CLI::App& app) {
  const auto format = TRY(list_format(app, json_, markdown_));
  if (columns_.contamination && markdown_) {
    return mistake(app, "--contamination and --markdown exclude each other");
  }
  columns_.format = format;
  return Command(columns_);
}

}  // namespace flowgauge
