// flowgauge plugin new: writes a project, and says what to do with it.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iterator>
#include <string>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/plugin/search.h"

namespace flowgauge {
namespace {

// A plugin of its own under the name of one that comes with flowgauge would hide that one from every profile.
Result<void> check_is_new(const std::string& name) {
  const SearchPath installed{{}, default_search_path({}).installed};
  const std::vector<FoundModule> modules = list_modules(installed);
  const bool is_taken = std::any_of(modules.begin(), modules.end(), [&](const FoundModule& module) {
    return std::filesystem::path(module.path).stem() == name;
  });
  if (!is_taken) return {};
  return fail(ExitCode::kUsage, "a plugin '{}' comes with flowgauge, and a new one would hide it; take another name",
              name);
}

// For a shell; what is plain stays as it is.
std::string quoted(const std::string& path) {
  const bool is_plain =
      path.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./") == std::string::npos;
  if (is_plain && !path.starts_with('-')) return path;
  std::string text = path.starts_with('-') ? "./" : "";
  text += '\'';
  for (const char letter : path) text += letter == '\'' ? "'\\''" : std::string(1, letter);
  return text + '\'';
}

std::string next_steps(const NewProject& project) {
  return fmt::format(
      "\nNow:\n"
      "  cd {0}\n"
      "  cmake -S . -B build\n"
      "  cmake --build build\n"
      "  ctest --test-dir build --output-on-failure\n"
      "  flowgauge pcap sample.pcap -p {1}.yaml --plugin-dir build\n",
      quoted(project.folder), project.name);
}

}  // namespace

ExitCode run_plugin_new(const PluginNewCommand& command) {
  if (const auto checked = check_is_new(command.project.name); !checked) return say_and_return(checked.error());
  const auto written = write_project(command.project);
  if (!written) return say_and_return(written.error());
  std::string text;
  for (const std::string& path : *written)
    text += fmt::format("{}\n", (std::filesystem::path(command.project.folder) / path).string());
  return write_standard_output(text + next_steps(command.project));
}

}  // namespace flowgauge
