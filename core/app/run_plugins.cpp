// flowgauge plugins: what is found, with version, ABI, columns, licence, file and hash; the memory that features take
// per flow.
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <vector>

#include "core/app/commands.h"
#include "core/app/module_text.h"
#include "core/app/standard_output.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/plugin_json.h"

namespace flowgauge {
namespace {

// "sdk_tour.from: u64 (default 1)"
template <class Item>
void add_option_lines(std::string& text, const std::vector<Item>& items) {
  for (const Item& item : items)
    for (const fg_option& option : item.options)
      add_line(text, "option", fmt::format("{}.{}: {}", item.name, option.name, option_text(option)));
}

// "iat (96 bytes per flow), bulk (40 bytes per flow, and memory of its own)"
std::string with_bytes(const std::vector<Feature>& features) {
  std::vector<std::string> names;
  for (const Feature& feature : features)
    names.push_back(fmt::format("{} ({} bytes per flow{})", feature.name, feature.table.state_size,
                                feature.table.release != nullptr ? ", and memory of its own" : ""));
  return join(names);
}

// "iat.fwd, iat.bwd"
std::string column_names(const Module& module) {
  std::vector<std::string> names;
  for (const auto* features : {&module.features, &module.derived})
    for (const Feature& feature : *features)
      for (const fg_column& column : feature.columns) names.push_back(fmt::format("{}.{}", feature.name, column.name));
  return join(names);
}

// "cic (100 columns)"
std::string with_columns(const std::vector<Schema>& schemas) {
  std::vector<std::string> names;
  for (const Schema& schema : schemas)
    names.push_back(fmt::format("{} ({})", schema.name, counted(column_count(schema), "column")));
  return join(names);
}

std::string as_text(const std::vector<const Module*>& modules) {
  std::string text;
  for (const Module* module : modules) {
    fmt::format_to(std::back_inserter(text), "{} {}\n", module->name, module->version);
    add_line(text, "features", with_bytes(module->features));
    add_line(text, "derived", join(names_of(module->derived)));
    add_line(text, "columns", column_names(*module));
    add_option_lines(text, module->features);
    add_line(text, "schemas", with_columns(module->schemas));
    add_option_lines(text, module->schemas);
    add_line(text, "sinks", join(names_of(module->sinks)));
    add_option_lines(text, module->sinks);
    add_line(text, "licence", module->licence);
    add_origin_lines(text, *module);
    add_line(text, "needs", fmt::format("plugin ABI 1.{}", module->min_host_minor));
    add_line(text, "file", module->path);
    add_line(text, "sha256", module->sha256);
  }
  return text;
}

// Foreign text in a cell: '|' would end it.
std::string cell(std::string_view text) {
  std::string result;
  for (const char letter : printable(text)) {
    if (letter == '|') result += '\\';
    result += letter;
  }
  return result;
}

std::string as_markdown(const std::vector<const Module*>& modules) {
  std::string text =
      "| plugin | version | ABI | offers | columns | bytes per flow | licence | SHA-256 |\n"
      "|---|---|---|---|---|---|---|---|\n";
  for (const Module* module : modules) {
    std::vector<std::string> offers;
    std::size_t columns = 0;
    std::uint64_t state_bytes = 0;
    for (const Feature& feature : module->features) {
      offers.push_back(fmt::format("feature `{}`", feature.name));
      columns += feature.columns.size();
      state_bytes += feature.table.state_size;
    }
    for (const Feature& feature : module->derived) {
      offers.push_back(fmt::format("derived feature `{}`", feature.name));
      columns += feature.columns.size();
    }
    for (const Schema& schema : module->schemas) {
      offers.push_back(fmt::format("schema `{}`", schema.name));
      columns += column_count(schema);
    }
    for (const Sink& sink : module->sinks) offers.push_back(fmt::format("sink `{}`", sink.name));
    fmt::format_to(std::back_inserter(text), "| `{}` | {} | 1.{} | {} | {} | {} | {} | `{}` |\n", module->name,
                   cell(module->version), module->min_host_minor, join(offers), columns, state_bytes,
                   cell(module->licence), module->sha256);
  }
  return text;
}

std::string text_of(ListFormat format, const std::vector<const Module*>& modules) {
  switch (format) {
    case ListFormat::kJson:
      return modules_json(modules);
    case ListFormat::kMarkdown:
      return as_markdown(modules);
    case ListFormat::kTable:
      break;
  }
  return as_text(modules);
}

}  // namespace

ExitCode run_plugins(const PluginsCommand& command) {
  std::vector<std::string> refusals;
  const auto plan = load_all_plugins(plugin_paths(command.plugins), refusals);
  for (const std::string& refusal : refusals) log_warning("{}", refusal);
  const std::vector<const Module*> modules = plan->modules.modules();
  if (modules.empty() && command.format == ListFormat::kTable)
    log_warning("no plugin was found; name a folder with --plugin-dir");
  return write_standard_output(text_of(command.format, modules));
}

}  // namespace flowgauge
