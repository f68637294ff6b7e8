#include "core/app/operand_marks.h"

#include <CLI/CLI.hpp>
#include <algorithm>

namespace flowgauge {
namespace {

constexpr char kOperandMark = '\x01';

std::vector<CLI::App*> commands_of(CLI::App& app) {
  return app.get_subcommands([](CLI::App*) { return true; });
}

}  // namespace

std::vector<std::string> with_marked_operands(CLI::App& app, std::span<const std::string> arguments) {
  std::vector<std::string> words;
  CLI::App* command = &app;
  bool is_operand = false;
  for (const std::string& argument : arguments) {
    if (!is_operand && argument == "--") {
      is_operand = commands_of(*command).empty();
      continue;
    }
    const std::vector<CLI::App*> below = commands_of(*command);
    const auto named = std::ranges::find(below, argument, [](const CLI::App* one) { return one->get_name(); });
    // Behind `manual` stands the name of a command, which would else begin that command.
    const bool is_subject = command->get_name() == "manual" && !argument.starts_with('-');
    if (!is_operand && named != below.end()) command = *named;
    words.push_back(is_operand || is_subject ? kOperandMark + argument : argument);
  }
  return words;
}

bool is_marked(const std::string& word) { return word.starts_with(kOperandMark); }

std::string without_mark(const std::string& word) { return is_marked(word) ? word.substr(1) : word; }

void take_marks_off(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_positional()) option->transform(without_mark);
  }
  for (CLI::App* command : commands_of(app)) take_marks_off(*command);
}

}  // namespace flowgauge
