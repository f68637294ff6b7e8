#include "core/app/completion.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <utility>
#include <vector>

#include "core/app/key_flags.h"
#include "core/profile/key_text.h"
#include "core/profile/setting.h"

namespace flowgauge {
namespace {

using Values = CompletionCommand::Values;

// A shell's list has little room.
std::string short_help(std::string_view help) {
  const std::size_t end = std::min({help.find(';'), help.find(':'), help.find(". "), help.find(" (")});
  return std::string(help.substr(0, end));
}

std::vector<CLI::App*> shown_commands_of(CLI::App& app) {
  return app.get_subcommands([](const CLI::App* one) { return !one->get_group().empty(); });
}

std::vector<std::string> names_of(const CLI::Option& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.get_snames()) names.push_back("-" + name);
  for (const std::string& name : option.get_lnames()) names.push_back("--" + name);
  return names;
}

const CLI::Option* option_named(const CLI::App& app, std::string_view name) {
  for (const CLI::Option* option : app.get_options())
    if (!option->get_positional() && std::ranges::count(names_of(*option), name) > 0) return option;
  return nullptr;
}

bool takes_value(const CLI::Option* option) { return option != nullptr && option->get_items_expected_max() > 0; }

class Completer {
 public:
  explicit Completer(std::string word) { answer_.word = std::move(word); }

  void add(const std::string& candidate, std::string_view help) {
    if (candidate.starts_with(answer_.word)) answer_.candidates.push_back({candidate, short_help(help)});
  }

  // "--capture=" stands before the value where both are one word.
  void add_values_of(const CLI::Option& option, const std::string& prefix) {
    answer_.prefix = prefix;
    const std::string type = option.get_positional() ? option.get_name(true) : option.get_type_name();
    if (type == "PROFILE") answer_.values = Values::kProfiles;
    if (type == "SCHEMA") answer_.values = Values::kSchemas;
    if (type == "IFACE") answer_.values = Values::kInterfaces;
    if (type == "NAME" && option.check_lname("column")) answer_.values = Values::kColumns;
    if (type == "FORMAT" && option.check_lname("output")) answer_.values = Values::kFormats;
    if (option.check_lname("log-format")) add_words(prefix, {"text", "json"});
    if (option.check_lname("log-level")) add_words(prefix, {"trace", "debug", "info", "warning", "error", "off"});
    if (type == "KEY=VALUE") add_settings(prefix);
    if (type == "KEY") add_keys("", "");
    for (const KeyFlag& flag : key_flags())
      if (option.check_lname(flag_name(flag).substr(2))) add_words(prefix, choices_of_key(flag.key));
  }

  void offer(Values values) { answer_.values = values; }

  CompletionCommand take() { return std::move(answer_); }

 private:
  void add_words(const std::string& prefix, const std::vector<std::string>& words) {
    for (const std::string& word : words) add(prefix + word, "");
  }
  void add_keys(const std::string& prefix, std::string_view behind) {
    for (const std::string& key : settable_keys())
      add(fmt::format("{}{}{}", prefix, key, behind), first_sentence(text_of_key(key).value_or(KeyText{}).meaning));
  }
  void add_settings(const std::string& prefix) {
    const std::string rest = answer_.word.substr(std::min(prefix.size(), answer_.word.size()));
    const std::size_t equals = rest.find('=');
    if (equals == std::string::npos) return add_keys(prefix, "=");
    add_words(prefix + rest.substr(0, equals + 1), choices_of_key(rest.substr(0, equals)));
  }

  CompletionCommand answer_;
};

constexpr std::string_view kBash = R"(# Completion for flowgauge, made by `flowgauge completion bash`.
_flowgauge() {
  # Bash cuts words at '=' and ':'; the program wants them whole.
  local words=() i glue='' line
  for ((i = 1; i <= COMP_CWORD; i++)); do
    if [[ ${COMP_WORDS[i]} == [=:]* || $glue ]] && ((${#words[@]})); then
      words[-1]+=${COMP_WORDS[i]}
    else
      words+=("${COMP_WORDS[i]}")
    fi
    glue=
    [[ ${COMP_WORDS[i]} == *[=:] ]] && glue=1
  done
  local word=${words[-1]}
  local behind=${word##*[=:]}
  COMPREPLY=()
  while IFS= read -r line; do
    line=${line%%$'\t'*}
    [[ $line == *= ]] && compopt -o nospace 2>/dev/null
    COMPREPLY+=("${line:$((${#word} - ${#behind}))}")
  done < <("${COMP_WORDS[0]}" completion words -- "${words[@]}" 2>/dev/null)
}
complete -o default -F _flowgauge flowgauge
)";

constexpr std::string_view kZsh = R"(#compdef flowgauge
# Completion for flowgauge, made by `flowgauge completion zsh`.
_flowgauge() {
  local line word help
  local -a described open
  while IFS= read -r line; do
    word=${line%%$'\t'*}
    help=${line#*$'\t'}
    word=${word//:/\\:}
    word+=${help:+:$help}
    if [[ $line == *=$'\t'* ]]; then open+=("$word"); else described+=("$word"); fi
  done < <($words[1] completion words -- "${(@Q)words[2,CURRENT]}" 2>/dev/null)
  if (( ! $#described && ! $#open )); then
    _files
    return
  fi
  (( $#described )) && _describe flowgauge described
  (( $#open )) && _describe key open -S ''
  return 0
}
if [[ $funcstack[1] == _flowgauge ]]; then _flowgauge "$@"; else compdef _flowgauge flowgauge; fi
)";

constexpr std::string_view kFish = R"(# Completion for flowgauge, made by `flowgauge completion fish`.
function __flowgauge_complete
    set -l words (commandline -opc)
    set -l answer ($words[1] completion words -- $words[2..-1] (commandline -ct) 2>/dev/null)
    if test (count $answer) -gt 0
        printf '%s\n' $answer
    else
        __fish_complete_path (commandline -ct)
    end
end
complete -c flowgauge -f -a '(__flowgauge_complete)'
)";

}  // namespace

CompletionCommand completion_of(CLI::App& app, std::span<const std::string> words) {
  CLI::App* command = &app;
  const CLI::Option* awaits = nullptr;
  bool only_operands = false;
  std::size_t operands = 0;
  for (const std::string& word : words.first(words.empty() ? 0 : words.size() - 1)) {
    const auto below = shown_commands_of(*command);
    const auto named = std::ranges::find(below, word, [](const CLI::App* one) { return one->get_name(); });
    if (takes_value(awaits)) {
      awaits = nullptr;
    } else if (!only_operands && word == "--") {
      only_operands = true;
    } else if (!only_operands && word.size() > 1 && word.starts_with('-')) {
      awaits = option_named(*command, word);
    } else if (named != below.end()) {
      command = *named;
    } else {
      ++operands;
    }
  }
  const std::string word = words.empty() ? "" : words.back();
  Completer completer(word);
  const std::size_t equals = word.find('=');
  if (takes_value(awaits)) {
    completer.add_values_of(*awaits, "");
  } else if (!only_operands && word.starts_with("--") && equals != std::string::npos) {
    const CLI::Option* option = option_named(*command, word.substr(0, equals));
    if (takes_value(option)) completer.add_values_of(*option, word.substr(0, equals + 1));
  } else if (!only_operands && word.starts_with('-')) {
    for (const CLI::Option* option : command->get_options())
      if (!option->get_positional())
        for (const std::string& name : names_of(*option)) completer.add(name, option->get_description());
  } else {
    for (const CLI::App* below : shown_commands_of(*command))
      completer.add(below->get_name(), below->get_description());
    std::vector<const CLI::Option*> positionals;
    for (const CLI::Option* option : command->get_options())
      if (option->get_positional()) positionals.push_back(option);
    const CLI::App* parent = command->get_parent();
    const bool takes_profile =
        command->get_name() == "configure" || (parent != nullptr && parent->get_name() == "profile");
    if (takes_profile && operands == 0) completer.offer(Values::kProfiles);
    if (!positionals.empty()) completer.add_values_of(*positionals[std::min(operands, positionals.size() - 1)], "");
  }
  return completer.take();
}

std::string completion_script(std::string_view shell) {
  if (shell == "bash") return std::string(kBash);
  if (shell == "zsh") return std::string(kZsh);
  if (shell == "fish") return std::string(kFish);
  return {};
}

}  // namespace flowgauge
