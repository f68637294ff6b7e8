// What --help and the manual page say.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <sstream>
#include <string>
#include <vector>

#include "core/app/command_line.h"

namespace flowgauge {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

std::vector<std::vector<std::string>> all_commands() {
  return {{},
          {"pcap"},
          {"realtime"},
          {"events"},
          {"flows"},
          {"merge"},
          {"summary"},
          {"plugins"},
          {"plugin"},
          {"plugin", "new"},
          {"plugin", "check"},
          {"plugin", "info"},
          {"columns"},
          {"profile"},
          {"profile", "check"},
          {"profile", "explain"},
          {"configure"},
          {"doctor"},
          {"version"},
          {"manual"},
          {"completion"},
          {"completion", "bash"}};
}

std::string told_by(const std::vector<std::string>& words) {
  const Result<CommandLine> line = parse_command_line(words);
  if (line) return std::get<HelpCommand>(line->command).text;
  ADD_FAILURE() << line.error().message;
  return {};
}

std::string help_of(std::vector<std::string> words) {
  words.emplace_back("--help");
  return told_by(words);
}

// The lines below "Examples:", without what they are said to do.
std::vector<std::string> examples_of(const std::string& help) {
  std::vector<std::string> examples;
  std::istringstream lines(help.substr(std::min(help.find("\nExamples:\n"), help.size())));
  std::string line;
  for (int i = 0; i < 2; ++i) std::getline(lines, line);  // what is before the heading, and it
  while (std::getline(lines, line) && !line.empty()) {
    if (line.starts_with("   ")) continue;
    const std::string command = line.substr(0, line.find("   ", 2));
    examples.push_back(command.substr(command.find("flowgauge ")));
  }
  return examples;
}

// As a shell does it: single quotes keep words together.
std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char letter : command) {
    if (letter == '\'') {
      quoted = !quoted;
    } else if (letter == ' ' && !quoted) {
      words.emplace_back();
    } else if (letter == '|') {
      break;
    } else {
      words.back() += letter;
    }
  }
  std::erase(words, "");
  return words;
}

TEST(CommandHelp, ItsExamplesAreRight) {
  for (const auto& command : all_commands()) {
    std::string own = "flowgauge";
    for (const std::string& word : command) own += " " + word;
    const std::vector<std::string> examples = examples_of(help_of(command));
    bool has_own = false;
    for (const std::string& example : examples) {
      has_own = has_own || (example + " ").starts_with(own + " ");
      std::vector<std::string> words = words_of(example);
      words.erase(words.begin());
      const auto line = parse_command_line(words);
      EXPECT_TRUE(line) << own << ": " << example << ": " << (line ? "" : line.error().message);
    }
    const std::string last = command.empty() ? "" : command.back();
    const bool needs_none = last == "bash" || last == "version" || last == "manual" || last == "completion";
    EXPECT_NE(has_own, needs_none) << own;
  }
}

TEST(CommandHelp, FitsIts120Columns) {
  for (const auto& command : all_commands()) {
    std::istringstream lines(help_of(command));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  }
}

TEST(CommandHelp, IsThatOfTheCommand) {
  const std::string pcap = told_by({"pcap", "--help"});
  EXPECT_THAT(pcap, HasSubstr("--export-path"));
  EXPECT_THAT(pcap, HasSubstr("Examples:"));
  EXPECT_THAT(pcap, HasSubstr("130  interrupted"));
  const std::string top = told_by({"--help"});
  EXPECT_THAT(top, HasSubstr("flowgauge columns"));
  EXPECT_THAT(top, Not(HasSubstr("--idle-timeout")));
  EXPECT_THAT(top, Not(HasSubstr("Print the manual page")));
  EXPECT_THAT(top, HasSubstr("Usage: flowgauge [OPTIONS]"));
  EXPECT_THAT(pcap, HasSubstr("Usage: flowgauge pcap [OPTIONS] FILE"));
  EXPECT_THAT(pcap, HasSubstr("\n  --header, --no-header           Start a CSV table"));
  EXPECT_THAT(pcap, HasSubstr("\n  --plugin-dir DIR...             Search"));
  EXPECT_THAT(pcap, HasSubstr("\n  FILE...                         Capture files"));
  EXPECT_THAT(told_by({"profile", "check", "-h"}), HasSubstr("Usage: flowgauge profile check [OPTIONS] FILE"));
}

TEST(CommandHelp, ManualPageHasEveryCommandAndOption) {
  const std::string page = told_by({"manual"});
  EXPECT_THAT(page, StartsWith(".TH FLOWGAUGE 1"));
  for (const char* word : {"\\-\\-idle\\-timeout", "\\fB\\-o, \\-\\-output\\fR", "\\-\\-no\\-header\\fR",
                           "flowgauge profile check", "EXIT STATUS", "FLOWGAUGE_PLUGIN_PATH"}) {
    EXPECT_THAT(page, HasSubstr(word));
  }
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-force\\fR\n")) << "a flag has no value";
  EXPECT_THAT(page, Not(HasSubstr("\\fI\\fR")));
}

}  // namespace
}  // namespace flowgauge
