#include "core/app/manual_page.h"

#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cctype>
#include <string_view>

#include "core/app/help_text.h"
#include "core/app/wrapped_help.h"

namespace flowgauge {
namespace {

// roff reads a leading '.' or a backslash as its own, and '-' as a hyphen that cannot be searched for.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char letter : text) {
    if (letter == '\\') {
      result += "\\e";
    } else if (letter == '-') {
      result += "\\-";
    } else if (letter == '\'') {
      result += "\\(aq";
    } else if (letter == '.' && (result.empty() || result.back() == '\n')) {
      result += "\\&.";
    } else {
      result += letter;
    }
  }
  return result;
}

void write_options(std::string& page, const CLI::App& app) {
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_positional()) {
      page += fmt::format(".TP\n\\fI{}\\fR\n{}\n", escaped(option->get_name(true)), escaped(option->get_description()));
      continue;
    }
    const std::string type = option->get_type_name();  // empty of a flag
    const std::string value = type.empty() ? "" : fmt::format(" \\fI{}\\fR", escaped(type));
    page += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", escaped(names_of_option(*option)), value,
                        escaped(option->get_description()));
  }
}

bool is_listed(const CLI::App* command) { return !command->get_group().empty(); }

void write_command(std::string& page, CLI::App& app, const std::string& name) {
  page += fmt::format(".SS \\fB{}\\fR\n{}\n", escaped(name), escaped(app.get_description()));
  write_options(page, app);
  for (CLI::App* below : app.get_subcommands(is_listed)) {
    write_command(page, *below, fmt::format("{} {}", name, below->get_name()));
  }
}

// Lines as they stand.
void write_block(std::string& page, std::string_view heading, std::string_view text) {
  text.remove_prefix(std::min(text.find_first_not_of('\n'), text.size()));
  const std::size_t body = text.find('\n') + 1;  // the first line is the heading of the help
  page += fmt::format(".SH {}\n.nf\n{}.fi\n", heading, escaped(text.substr(body)));
}

// The words below a command's help: each block is a heading with a colon, and lines.
void write_footer(std::string& page, std::string_view footer) {
  while (!footer.empty()) {
    const std::size_t end = std::min(footer.find("\n\n"), footer.size());
    std::string_view block = footer.substr(0, end);
    footer.remove_prefix(std::min(end + 2, footer.size()));
    while (block.starts_with('\n')) block.remove_prefix(1);
    while (block.ends_with('\n')) block.remove_suffix(1);
    if (block.empty()) continue;
    const std::string text = std::string(block) + "\n";
    if (block.starts_with("Examples:")) {
      write_block(page, "EXAMPLES", text);
    } else if (block.starts_with("Exit codes:")) {
      write_block(page, "EXIT STATUS", text);
    } else {
      page += fmt::format(".PP\n{}", escaped(text));
    }
  }
}

}  // namespace

std::string manual_page_of_command(CLI::App& command) {
  const std::string name = command.get_name();
  std::string upper = name;
  std::ranges::transform(upper, upper.begin(), [](unsigned char letter) { return std::toupper(letter); });
  const bool has_commands = !command.get_subcommands(is_listed).empty();
  std::string page = fmt::format(
      ".TH FLOWGAUGE\\-{} 1 \"\" \"flowgauge\" \"User Commands\"\n.SH NAME\nflowgauge\\-{} \\- {}\n.SH "
      "SYNOPSIS\n\\fBflowgauge "
      "{}\\fR{} [\\fIOPTION\\fR...]",
      upper, name, escaped(command.get_description()), name, has_commands ? " \\fICOMMAND\\fR" : "");
  for (const CLI::Option* option : command.get_options()) {
    if (!option->get_positional()) continue;
    const std::string operand =
        fmt::format("\\fI{}\\fR{}", escaped(option->get_name(true)), option->get_items_expected_max() > 1 ? "..." : "");
    page += option->get_required() ? " " + operand : fmt::format(" [{}]", operand);
  }
  page += "\n.SH OPTIONS\n";
  write_options(page, command);
  if (has_commands) page += ".SH COMMANDS\n";
  for (CLI::App* below : command.get_subcommands(is_listed))
    write_command(page, *below, fmt::format("flowgauge {} {}", name, below->get_name()));
  write_footer(page, command.get_footer());
  return page + ".SH SEE ALSO\n\\fBflowgauge\\fR(1)\n";
}

std::string manual_page_of(CLI::App& app) {
  std::string page = fmt::format(
      ".TH FLOWGAUGE 1 \"\" \"flowgauge\" \"User Commands\"\n.SH NAME\nflowgauge \\- network flow feature extractor\n"
      ".SH SYNOPSIS\n\\fBflowgauge\\fR \\fICOMMAND\\fR [\\fIOPTION\\fR...] [\\fIFILE\\fR...]\n.SH DESCRIPTION\n{}\n.SH "
      "OPTIONS\n",
      escaped(kDescription));
  write_options(page, app);
  page += ".SH COMMANDS\n";
  for (CLI::App* command : app.get_subcommands(is_listed)) {
    write_command(page, *command, fmt::format("flowgauge {}", command->get_name()));
  }
  write_block(page, "EXAMPLES", kExamples);
  write_block(page, "EXAMPLES OF PCAP", kPcapExamples);
  write_block(page, "EXAMPLES OF REALTIME", kRealtimeExamples);
  write_block(page, "EXAMPLES OF MERGE", kMergeExamples);
  write_block(page, "EXIT STATUS", kExitCodes);
  write_block(page, "EXIT STATUS OF MERGE", kMergeExitCodes);
  page +=
      ".SH ENVIRONMENT\n.TP\n\\fBFLOWGAUGE_PLUGIN_PATH\\fR\nFolders with plugins, separated by colons; searched after "
      "\\fB\\-\\-plugin\\-dir\\fR and before the installed ones.\n";
  return page;
}

}  // namespace flowgauge
