#include "core/engine/table_paths.h"

#include <filesystem>
#include <map>
#include <set>
#include <system_error>

namespace flowgauge {

TablePaths paths_as_planned(const Plan& plan) {
  TablePaths paths;
  for (const PlannedOutput& output : plan.outputs) paths.push_back(output.path.value);
  return paths;
}

Result<std::vector<TablePaths>> paths_per_input(const Plan& plan, std::span<const Input> inputs) {
  std::map<std::string, int> users;
  for (const PlannedOutput& output : plan.outputs) {
    const std::string& folder = output.path.value;
    if (output.kind->place == SinkKind::Place::kOwn)
      return fail(ExitCode::kUsage, "--per-file: sink '{}' writes no files; leave one of the two out",
                  output.kind->name);
    if (output.rotate.any())
      return fail(ExitCode::kUsage, "--per-file: tables of inputs are not rotated; leave one of the two out");
    if (folder.empty() || folder == "-")
      return fail(ExitCode::kUsage, "--per-file: name a folder for the tables with --export-path FOLDER");
    ++users[folder];
  }
  std::set<std::string> taken;
  std::vector<TablePaths> all;
  for (const Input& input : inputs) {
    TablePaths& paths = all.emplace_back();
    const std::string name = input.path == "-" ? "stdin" : std::filesystem::path(input.path).filename().string();
    for (const PlannedOutput& output : plan.outputs) {
      const std::string schema = users[output.path.value] > 1 ? "." + output.schema.name : "";
      paths.push_back((std::filesystem::path(output.path.value) / (name + schema + output.kind->ending)).string());
      if (!taken.insert(paths.back()).second)
        return fail(ExitCode::kUsage,
                    "{}: two inputs would be written to it; give inputs of one file name in separate runs",
                    paths.back());
    }
  }
  return all;
}

Result<void> make_table_folders(const Plan& plan) {
  for (const PlannedOutput& output : plan.outputs) {
    const std::string& folder = output.path.value;
    std::error_code error;
    std::filesystem::create_directories(folder, error);
    if (error || !std::filesystem::is_directory(folder, error))
      return fail(ExitCode::kOutput, "{}: is no folder for tables per input: {}; choose another with --export-path",
                  folder, error ? error.message() : "a file of this name exists");
  }
  return {};
}

}  // namespace flowgauge
