// flowgauge completion words: what a shell asks for while somebody types.
#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/host/interfaces.h"
#include "core/output/table_format.h"
#include "core/plugin/module.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

using Candidates = std::vector<CompletionCommand::Candidate>;

Candidates interface_candidates() {
  Candidates all;
  const auto interfaces = list_interfaces();
  if (!interfaces) return all;
  for (const Interface& one : *interfaces) all.push_back({one.name, one.up ? "up" : "down"});
  return all;
}

Candidates profile_candidates() {
  Candidates all;
  for (const std::string& name : available_profiles(default_profile_folders())) all.push_back({name, ""});
  return all;
}

Candidates plugin_candidates(CompletionCommand::Values values) {
  std::vector<std::string> refusals;  // not said: somebody is typing
  const auto plan = load_all_plugins(plugin_paths({}), refusals);
  Candidates all;
  if (values == CompletionCommand::Values::kSchemas)
    for (const Schema* schema : plan->catalog.schemas()) all.push_back({schema->name, schema->doc});
  if (values == CompletionCommand::Values::kColumns)
    for (const CatalogColumn* column : plan->catalog.columns())
      all.push_back({column->full_name, column->column().doc});
  if (values == CompletionCommand::Values::kFormats) {
    for (const TableFormatName& format : kTableFormats) all.push_back({std::string(format.name), ""});
    for (const Module* module : plan->modules.modules())
      for (const Sink& sink : module->sinks) all.push_back({sink.name, sink.doc});
  }
  return all;
}

Candidates values_of(CompletionCommand::Values values) {
  using Values = CompletionCommand::Values;
  switch (values) {
    case Values::kNone:
      return {};
    case Values::kInterfaces:
      return interface_candidates();
    case Values::kProfiles:
      return profile_candidates();
    case Values::kSchemas:
    case Values::kColumns:
    case Values::kFormats:
      break;
  }
  return plugin_candidates(values);
}

// One line, whatever a plugin says of itself.
std::string one_line(std::string text) {
  std::ranges::replace_if(
      text, [](char letter) { return static_cast<unsigned char>(letter) < ' '; }, ' ');
  return text;
}

}  // namespace

ExitCode run_completion(const CompletionCommand& command) {
  std::string text;
  for (const auto& one : command.candidates) text += fmt::format("{}\t{}\n", one.word, one_line(one.help));
  for (const auto& one : values_of(command.values)) {
    const std::string word = command.prefix + one.word;
    if (word.starts_with(command.word)) text += fmt::format("{}\t{}\n", word, one_line(one.help));
  }
  return write_standard_output(text);
}

}  // namespace flowgauge
