#include "core/engine/appended_columns.h"

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>

#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::string_view kSnapshot = "flow.snapshot";

bool is_of_name(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '.'; }

// `begin`: a whole name, or what names begin with where it ends in a dot.
bool mentions(std::string_view expression, std::string_view begin) {
  for (std::size_t at = expression.find(begin); at != std::string_view::npos; at = expression.find(begin, at + 1)) {
    const std::size_t end = at + begin.size();
    const bool is_begun_before = at > 0 && is_of_name(expression[at - 1]);
    const bool goes_on = !begin.ends_with('.') && end < expression.size() && is_of_name(expression[end]);
    if (!is_begun_before && !goes_on) return true;
  }
  return false;
}

bool mentions(const SchemaDefinition& definition, std::string_view begin) {
  return std::ranges::any_of(definition.entries,
                             [&](const SchemaEntry& entry) { return mentions(entry.expression, begin); });
}

SchemaEntry entry_of(std::string_view name, bool required, const std::string& where) {
  return {.name = std::string(name),
          .expression = std::string(name),
          .type = kOwnType,
          .unit = FG_UNIT_NONE,
          .when = FG_WHEN_BOTH,
          .required = required,
          .where = where};
}

std::string place_of(const Located<std::string>& name) {
  std::string place = name.where();
  if (place.ends_with(": ")) place.resize(place.size() - 2);
  return place;
}

}  // namespace

Result<void> append_columns(const Profile& profile, const ProfileExporter& exporter, SchemaDefinition& definition) {
  for (const Located<std::string>& name : exporter.append) {
    if (std::ranges::find(definition.entries, name.value, &SchemaEntry::name) != definition.entries.end())
      return fail(ExitCode::kUsage, "{}'append': schema '{}' has a column '{}' already; leave it out", name.where(),
                  definition.name, printable(name.value));
    definition.entries.push_back(entry_of(name.value, true, place_of(name)));
  }
  const bool has_snapshots = profile.flow.early_export_ns != 0;
  const bool is_wanted = profile.output.snapshots == SnapshotRows::kMarked && !mentions(definition, "packet.");
  if (has_snapshots && is_wanted && !mentions(definition, kSnapshot))
    definition.entries.push_back(entry_of(kSnapshot, false, ""));
  return {};
}

Result<void> check_appended(const Plan& plan, const ProfileExporter& exporter, const SchemaDefinition& definition) {
  if (exporter.append.empty()) return {};
  SchemaDefinition appended = definition;
  appended.fault = ExitCode::kUsage;
  std::erase_if(appended.entries, [&](const SchemaEntry& entry) {
    return std::ranges::find(exporter.append, entry.name, &Located<std::string>::value) == exporter.append.end();
  });
  if (appended.entries.empty()) return {};
  const auto bound = bind_schema(appended, plan.catalog, plan.profile.contamination.value);
  if (!bound) return std::unexpected(bound.error());
  return {};
}

}  // namespace flowgauge
