// flowgauge configure: the editor on this terminal, then the run that it was made for, in the place of this process.
#include "core/app/configure.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "core/app/commands.h"
#include "core/app/draft_planner.h"
#include "core/app/offered.h"
#include "core/app/signals.h"
#include "core/base/log.h"
#include "core/base/program_file.h"
#include "core/base/text.h"
#include "core/editor/edit_loop.h"
#include "core/editor/profile_file.h"

namespace flowgauge {
namespace {

constexpr int kMostRescued = 100;

bool is_on_terminal() {
  return ::isatty(STDIN_FILENO) == 1 && ::isatty(STDOUT_FILENO) == 1 && ::isatty(STDERR_FILENO) == 1;
}

bool is_dumb() {
  const char* const kind = std::getenv("TERM");
  return kind == nullptr || *kind == '\0' || std::string_view(kind) == "dumb";
}

// Beside the file, under a name that nobody has: "mine.unsaved.yaml", "mine.unsaved-2.yaml".
void rescue(const Editor& editor) {
  const std::string file = editor.name();
  const std::string stem = file.substr(0, file.ends_with(".yaml") ? file.size() - 5 : file.size());
  for (int number = 1; number <= kMostRescued; ++number) {
    const std::string path = fmt::format("{}.unsaved{}.yaml", stem, number == 1 ? "" : fmt::format("-{}", number));
    if (is_file_there(path)) continue;
    if (const auto written = write_profile_file(path, editor.model().draft().text(), Replace::kNo); !written)
      return log_error("the changes are lost: {}", written.error().message);
    return log_warning("the changes were not saved; they are in {}", printable(path));
  }
  log_error("the changes are lost: {}.unsaved.yaml and 99 more are there", printable(stem));
}

void add_plugin_words(const PluginFlags& flags, std::vector<std::string>& words) {
  for (const std::string& folder : flags.directories) words.insert(words.end(), {"--plugin-dir", folder});
  if (flags.insecure) words.emplace_back("--insecure-plugins");
}

// The program becomes the run.
ExitCode start(const std::vector<std::string>& words) {
  std::string shown = "flowgauge";
  std::vector<char*> arguments;
  std::string program = "flowgauge";
  arguments.push_back(program.data());
  std::vector<std::string> copies = words;
  for (std::string& word : copies) {
    shown += " " + shell_word(word);
    arguments.push_back(word.data());
  }
  arguments.push_back(nullptr);
  log_info("running: {}", shown);
  const std::string path = program_file().empty() ? "/proc/self/exe" : program_file().string();
  ::execv(path.c_str(), arguments.data());
  return say_and_return({ExitCode::kUsage, fmt::format("{} cannot be run ({})", path, std::strerror(errno))});
}

}  // namespace

bool can_configure() { return is_on_terminal() && !is_dumb(); }

ExitCode run_configure(const ConfigureCommand& command, const StopRequest& stop, Terminal& terminal) {
  constexpr std::string_view kInstead =
      "write the profile by hand (docs/profiles.md) and try 'flowgauge profile check FILE'";
  if (!is_on_terminal())
    return say_and_return(
        {ExitCode::kUsage,
         fmt::format("configure needs a terminal on standard input, output and error; {}", kInstead)});
  const PluginPaths paths = plugin_paths(command.plugins);
  Editor editor(offer_of(paths));
  if (command.path) editor.open(*command.path);
  DraftPlanner planner(paths);
  const TerminalEvents events{.taken = [](const TerminalRest& rest) { terminal_at_end().note(rest); },
                              .left = [] { terminal_at_end().forget(); }};
  const Result<EditorEnd> end = edit_on(terminal.stream(), editor, planner, stop, events);
  if (!end) return say_and_return({ExitCode::kUsage, fmt::format("configure: {}; {}", end.error().message, kInstead)});
  if (*end == EditorEnd::kStarts) {
    std::vector<std::string> words = editor.run_words();
    add_plugin_words(command.plugins, words);
    return start(words);
  }
  if (editor.end() == EditorEnd::kLeft) return ExitCode::kOk;
  if (!editor.is_saved()) rescue(editor);
  return ExitCode::kInterrupted;
}

}  // namespace flowgauge
