#include "core/engine/run_files.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "core/engine/file_clash.h"
#include "core/engine/table_metadata.h"
#include "core/output/destination.h"
#include "core/output/part_file.h"
#include "core/output/time_name.h"

namespace flowgauge {
namespace {

std::vector<ReadFile> files_read(const Plan& plan, std::span<const Input> inputs) {
  std::vector<ReadFile> files;
  for (const Input& input : inputs)
    files.push_back({input.path, input.path == "-" ? "standard input" : "the input " + input.path});
  for (const std::string& profile : plan.profile.files) files.push_back({profile, "the profile " + profile});
  if (plan.labels) files.push_back({plan.labels->file.path, "the label rules " + plan.labels->file.path});
  for (const Module* module : plan.modules.modules()) files.push_back({module->path, "the plugin " + module->path});
  return files;
}

WrittenFile written_file(const std::string& path, const std::string& what, const std::string& where,
                         ExistingFile existing) {
  return {path, what, what + " would be written over", where, existing};
}

// Its files get names that nobody has yet.
bool is_series(const PlannedOutput& output, const std::string& path) {
  return output.rotate.any() || (path == output.path.value && has_time_fields(path));
}

// Of a table of the plan: its files of a series are called as none is.
ExistingFile existing_of(const PlannedOutput& output, const std::string& path, bool force) {
  if (is_series(output, path)) return ExistingFile::kAppend;
  return force ? ExistingFile::kReplace : output.existing;
}

// Calls each(output, path) for every table of every stream.
template <class Each>
void for_each_table(const Plan& plan, std::span<const TablePaths> tables, Each each) {
  for (const TablePaths& paths : tables)
    for (std::size_t i = 0; i < plan.outputs.size(); ++i) each(plan.outputs[i], paths[i]);
}

std::vector<WrittenFile> files_written(const Plan& plan, std::span<const TablePaths> tables,
                                       const std::optional<std::string>& report_path, bool force) {
  std::vector<WrittenFile> files;
  for_each_table(plan, tables, [&](const PlannedOutput& output, const std::string& path) {
    if (output.kind->place == SinkKind::Place::kOwn) return;
    const ExistingFile existing = existing_of(output, path, force);
    files.push_back(written_file(path, "the table " + path, output.path.where(), existing));
    if (output.metadata)
      files.push_back(
          written_file(path + std::string(kMetadataSuffix), "the metadata of " + path, output.path.where(), existing));
  });
  if (const Located<std::string>& stats = plan.profile.monitor.stats; !stats.value.empty())
    files.push_back(written_file(stats.value, "the statistics", stats.where(), ExistingFile::kAppend));
  if (report_path) files.push_back(written_file(*report_path, "the report", "", existing_report(plan, force)));
  return files;
}

// Where tables are replaced, metadata of a table that is replaced goes with it (OutputSet).
std::vector<WrittenFile> files_removed(const Plan& plan, std::span<const TablePaths> tables, bool force) {
  std::vector<WrittenFile> files;
  for_each_table(plan, tables, [&](const PlannedOutput& output, const std::string& path) {
    if (output.metadata || is_standard_output(path) || output.kind->place == SinkKind::Place::kOwn ||
        existing_of(output, path, force) != ExistingFile::kReplace)
      return;
    files.push_back({path + std::string(kMetadataSuffix), "old metadata of " + path,
                     "as metadata of an older " + path + " this would be removed, and is", output.path.where()});
  });
  return files;
}

// One stream of bytes cannot be a table, statistics and a report.
Result<void> check_standard_output(const Plan& plan, std::span<const TablePaths> tables,
                                   const std::optional<std::string>& report_path) {
  const std::string& stats = plan.profile.monitor.stats.value;
  const bool has_stats = !stats.empty() && is_standard_output(stats);
  const bool has_rows = std::ranges::any_of(
      tables, [](const TablePaths& paths) { return std::ranges::any_of(paths, is_standard_output); });
  if (has_stats && (has_rows || report_path == "-"))
    return fail(ExitCode::kUsage,
                "--stats -: the {} to standard output too; write {} to a file, or the statistics with --stats FILE",
                has_rows ? "rows go" : "report goes", has_rows ? "them" : "it");
  if (!report_path || *report_path != "-") return {};
  for (const TablePaths& paths : tables)
    if (std::ranges::any_of(paths, is_standard_output))
      return fail(ExitCode::kUsage,
                  "--report -: the rows go to standard output too; write them to a file with --export-path, or the "
                  "report with --report FILE");
  return {};
}

}  // namespace

ExistingFile existing_report(const Plan& plan, bool force) {
  const auto appends = [](const PlannedOutput& output) { return output.existing == ExistingFile::kAppend; };
  if (!force && std::ranges::any_of(plan.outputs, appends)) return ExistingFile::kAppend;
  return replaced_if(force);
}

Result<void> check_run_files(const Plan& plan, std::span<const Input> inputs, std::span<const TablePaths> tables,
                             const std::optional<std::string>& report_path, bool force) {
  if (auto checked = check_standard_output(plan, tables, report_path); !checked) return checked;
  const std::vector<WrittenFile> written = files_written(plan, tables, report_path, force);
  std::vector<WrittenFile> changed = written;
  std::ranges::move(files_removed(plan, tables, force), std::back_inserter(changed));
  if (auto checked = check_for_clash(files_read(plan, inputs), changed); !checked) return checked;
  for (const WrittenFile& file : written)
    if (auto checked = Destination::check(file.path, file.existing); !checked)
      return std::unexpected(Error{checked.error().code, file.where + checked.error().message});
  return {};
}

}  // namespace flowgauge
