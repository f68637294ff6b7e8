#include "core/engine/chosen_columns.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <set>
#include <utility>
#include <vector>

#include "core/base/suggest.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

// Both forms of a column have one name.
std::vector<SchemaEntry> entries_named(const std::vector<SchemaEntry>& entries, const std::string& name) {
  std::vector<SchemaEntry> found;
  std::ranges::copy_if(entries, std::back_inserter(found),
                       [&](const SchemaEntry& entry) { return entry.name == name; });
  return found;
}

std::unexpected<Error> unknown(const std::string& name, const SchemaDefinition& definition,
                               std::span<const std::string> labels) {
  std::vector<std::string> known(labels.begin(), labels.end());
  for (const SchemaEntry& entry : definition.entries) known.push_back(entry.name);
  return fail(ExitCode::kUsage, "schema '{}' has no column '{}'{}", definition.name, printable(name),
              did_you_mean(name, known));
}

void keep_label_columns(std::span<const std::string> names, LabelFile& file) {
  const std::vector<std::string> all = std::exchange(file.columns, {});
  std::vector<std::size_t> kept;
  for (const std::string& name : names) {
    const auto found = std::ranges::find(all, name);
    if (found == all.end()) continue;
    file.columns.push_back(name);
    kept.push_back(static_cast<std::size_t>(found - all.begin()));
  }
  for (LabelRule& rule : file.rules) {  // in place: the matcher knows them
    std::vector<std::string> texts;
    for (const std::size_t column : kept) texts.push_back(rule.texts[column]);
    rule.texts = std::move(texts);
  }
}

}  // namespace

Result<void> choose_columns(std::span<const std::string> names, SchemaDefinition& definition,
                            std::optional<PlannedLabels>& labels) {
  std::vector<SchemaEntry> chosen;
  std::set<std::string> seen;
  for (const std::string& name : names) {
    if (!seen.insert(name).second) return fail(ExitCode::kUsage, "the column '{}' is asked for twice", printable(name));
    std::vector<SchemaEntry> found = entries_named(definition.entries, name);
    const bool is_label = labels && std::ranges::find(labels->file.columns, name) != labels->file.columns.end();
    if (found.empty() && !is_label)
      return unknown(name, definition,
                     labels ? std::span<const std::string>(labels->file.columns) : std::span<const std::string>());
    std::ranges::move(found, std::back_inserter(chosen));
  }
  if (chosen.empty())
    return fail(ExitCode::kUsage, "only label columns are asked for; ask for a column of schema '{}' as well",
                definition.name);
  definition.entries = std::move(chosen);
  if (!labels) return {};
  keep_label_columns(names, labels->file);
  if (labels->file.columns.empty()) labels.reset();
  return {};
}

Result<void> expect_chosen(std::span<const std::string> names, const BoundSchema& bound) {
  for (const std::string& name : names)
    if (std::ranges::find(bound.left_out, name) != bound.left_out.end() &&
        std::ranges::find(bound.columns, name, &OutputColumn::name) == bound.columns.end())
      return fail(ExitCode::kUsage,
                  "the column '{}' is asked for, but its contamination classes are excluded; ask for others, or do not "
                  "exclude them",
                  printable(name));
  return {};
}

}  // namespace flowgauge
