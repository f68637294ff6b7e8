#include "core/app/wrapped_help.h"

#include <fmt/format.h>

#include <sstream>

namespace flowgauge {
namespace {

constexpr std::size_t kNameColumns = 34;

// Between words only, and a default stays together: a longer word has a line of its own.
std::string wrapped(const std::string& text, std::size_t columns) {
  std::istringstream words(text);
  std::string lines;
  std::size_t used = 0;
  for (std::string word, value; words >> word;) {
    if (word == "(default:" && words >> value) word += " " + value;
    const bool fits = used + 1 + word.size() <= columns;
    if (used != 0) lines += fits ? ' ' : '\n';
    used = used != 0 && fits ? used + 1 + word.size() : word.size();
    lines += word;
  }
  return lines;
}

}  // namespace

WrappedHelp::WrappedHelp() {
  column_width(kNameColumns);
  label("Positionals", "Arguments");
  label("SUBCOMMAND", "COMMAND");
}

std::string WrappedHelp::make_option_name(const CLI::Option* option, bool is_positional) const {
  return is_positional ? option->get_name(true) : names_of_option(*option);
}

std::string WrappedHelp::make_option_opts(const CLI::Option* option) const {
  const bool is_repeated = option->get_expected_max() >= CLI::detail::expected_max_vector_size;
  const std::string value = option->get_type_size() == 0 ? "" : option->get_type_name();
  return fmt::format("{}{}{}", value.empty() ? "" : " ", value, is_repeated ? "..." : "");
}

std::string WrappedHelp::make_option_desc(const CLI::Option* option) const {
  return wrapped(option->get_description(), kHelpColumns - kNameColumns);
}

std::string WrappedHelp::make_subcommand(const CLI::App* command) const {
  std::ostringstream line;
  CLI::detail::format_help(line, command->get_name(), wrapped(command->get_description(), kHelpColumns - kNameColumns),
                           kNameColumns);
  return line.str();
}

std::string WrappedHelp::make_footer(const CLI::App* app) const {
  const std::string footer = app->get_footer();
  return footer.starts_with('\n') ? footer.substr(1) : footer;
}

std::string names_of_option(const CLI::Option& option) {
  std::string names;
  for (const std::string& name : option.get_snames()) names += fmt::format("{}-{}", names.empty() ? "" : ", ", name);
  for (const std::string& name : option.get_lnames()) names += fmt::format("{}--{}", names.empty() ? "" : ", ", name);
  return names;
}

}  // namespace flowgauge
