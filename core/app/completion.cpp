#include "core/app/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <iterator>
#include <string_view>
#include <vector>

#include "core/app/option_values.h"
#include "core/profile/setting.h"

namespace flowgauge {
namespace {

constexpr std::string_view kBegin = R"(# Completion for flowgauge, made by `flowgauge completion bash`.
_flowgauge() {
  local word=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]}
  local command=flowgauge arguments='' options='' valued='' i
  local keys='@KEYS@'
  for ((i = 1; i < COMP_CWORD; i++)); do
    case "$command ${COMP_WORDS[i]}" in
)";
constexpr std::string_view kEnd = R"(  esac
  COMPREPLY=()
  if [[ $previous == --set && " $valued " == *' --set '* ]]; then
    compopt -o nospace 2>/dev/null
    mapfile -t COMPREPLY < <(compgen -S = -W "$keys" -- "$word")
    return
  fi
  [[ " $valued " == *" $previous "* ]] && return
  [[ $word == -* ]] && arguments=$options
  mapfile -t COMPREPLY < <(compgen -W "$arguments" -- "$word")
}
complete -o default -F _flowgauge flowgauge
)";

constexpr std::string_view kKeys = "@KEYS@";  // of a profile, for --set

// Those that help shows.
std::vector<CLI::App*> shown_commands_of(CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

void add_word(std::string& words, std::string_view word) {
  if (!words.empty()) words += ' ';
  words += word;
}

// The names of a command and of all below it, as cases that lead there.
void write_ways(std::string& script, CLI::App& app) {
  for (CLI::App* below : shown_commands_of(app)) {
    fmt::format_to(std::back_inserter(script), "      '{}') command+=\" ${{COMP_WORDS[i]}}\" ;;\n",
                   command_name(*below));
    write_ways(script, *below);
  }
}

// What may follow a command, and the same of all below it.
void write_words(std::string& script, CLI::App& app) {
  std::string options;
  std::string valued;  // options that take a value
  bool interfaces = false;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      interfaces |= option->get_name(true) == "IFACE";
      continue;
    }
    std::vector<std::string> names;
    for (const std::string& name : option->get_snames()) names.push_back("-" + name);
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
    for (const std::string& name : names) {
      add_word(options, name);
      if (option->get_items_expected_max() > 0) add_word(valued, name);
    }
  }
  std::string arguments;
  for (const CLI::App* below : shown_commands_of(app)) add_word(arguments, below->get_name());
  arguments = interfaces ? "$(command ls /sys/class/net 2>/dev/null)" : fmt::format("'{}'", arguments);
  fmt::format_to(std::back_inserter(script),
                 "    '{}')\n      arguments={}\n      options='{}'\n      valued='{}'\n      ;;\n", command_name(app),
                 arguments, options, valued);
  for (CLI::App* below : shown_commands_of(app)) write_words(script, *below);
}

}  // namespace

std::string bash_completion_of(CLI::App& app) {
  std::string script(kBegin);
  script.replace(script.find(kKeys), kKeys.size(), join(settable_keys(), " "));
  write_ways(script, app);
  script += "    esac\n  done\n  case $command in\n";
  write_words(script, app);
  return script.append(kEnd);
}

}  // namespace flowgauge
