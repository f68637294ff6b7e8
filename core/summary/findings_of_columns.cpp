#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "core/base/text.h"
#include "core/summary/findings.h"

namespace flowgauge {
namespace {

using Weight = TableFinding::Weight;

template <class IsOne>
std::vector<std::string> names_where(const Summary& summary, IsOne is_one) {
  std::vector<std::string> names;
  for (const ColumnReport& column : summary.columns)
    if (is_one(column)) names.push_back(column.name);
  return names;
}

std::string columns_text(std::size_t count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", counted(count, "column"), count == 1 ? one : many);
}

void add_columns(std::vector<TableFinding>& findings, Weight weight, std::string kind, std::vector<std::string> names,
                 std::string_view one, std::string_view many, std::string why) {
  if (names.empty()) return;
  findings.push_back({.weight = weight,
                      .kind = std::move(kind),
                      .what = fmt::format("{}: {}", columns_text(names.size(), one, many), names_text(names)),
                      .why = std::move(why),
                      .columns = std::move(names)});
}

void add_cells(std::vector<TableFinding>& findings, const Summary& summary, Weight weight, std::string kind,
               std::uint64_t ColumnReport::*cells, std::string_view are, std::string why) {
  std::uint64_t sum = 0;
  for (const ColumnReport& column : summary.columns) sum += column.*cells;
  if (sum == 0) return;
  std::vector<std::string> names = names_where(summary, [&](const ColumnReport& one) { return one.*cells > 0; });
  findings.push_back({.weight = weight,
                      .kind = std::move(kind),
                      .what = fmt::format("{} {}: in {}", counted(sum, "cell"), are, names_text(names)),
                      .why = std::move(why),
                      .rows = sum,
                      .columns = std::move(names)});
}

// Columns with the same cells in every row; each set as one name: "a = b".
void add_equal_columns(const Summary& summary, std::vector<TableFinding>& findings) {
  std::map<std::uint64_t, std::vector<std::string>> by_content;
  for (const ColumnReport& column : summary.columns)
    if (column.values > 0 && !column.is_constant && summary.rows > 1) by_content[column.content].push_back(column.name);
  std::vector<std::string> sets;
  std::vector<std::string> names;
  for (const ColumnReport& column : summary.columns) {
    const auto found = by_content.find(column.content);
    if (found == by_content.end() || found->second.size() < 2 || found->second.front() != column.name) continue;
    sets.push_back(join(found->second, " = "));
    names.insert(names.end(), found->second.begin(), found->second.end());
    by_content.erase(found);
  }
  if (sets.empty()) return;
  findings.push_back({.kind = "equal_columns",
                      .what = fmt::format("{} of columns with the same cells in every row: {}",
                                          counted(sets.size(), "set"), names_text(sets)),
                      .why = "A model is told the same twice. Keep one of each.",
                      .columns = std::move(names)});
}

void add_identifiers(const Summary& summary, std::vector<TableFinding>& findings) {
  if (summary.label_column.empty()) return;
  std::vector<std::string> names = names_where(summary, [](const ColumnReport& column) {
    return std::ranges::any_of(column.meaning.classes, [](const std::string& one) {
      return one == "identity" || one == "port" || one == "time";
    });
  });
  add_columns(findings, Weight::kWarning, "identifiers", std::move(names),
              "of a labelled table names a host, a port or a moment",
              "of a labelled table name hosts, ports or moments",
              "A model that is trained on them learns who and when, not what. Leave them out: "
              "--drop-contaminant-features, or contamination in the profile.");
}

}  // namespace

void add_column_findings(const Summary& summary, std::vector<TableFinding>& findings) {
  add_identifiers(summary, findings);
  add_columns(
      findings, Weight::kWarning, "empty_columns",
      names_where(summary, [](const ColumnReport& one) { return one.values == 0; }), "has no value in any row",
      "have no value in any row",
      "What they are made of was not there, or the run could not see it. Leave them out, or look at the profile.");
  add_columns(findings, Weight::kNote, "constant_columns",
              names_where(summary, [](const ColumnReport& one) { return one.is_constant; }), "holds one value alone",
              "hold one value alone", "They tell no row from another. Leave them out of what a model sees.");
  add_equal_columns(summary, findings);
  add_cells(findings, summary, Weight::kWarning, "not_finite", &ColumnReport::not_finite, "are NaN or infinite",
            "Sums and models break on them. flowgauge writes none: look at what made the table.");
  add_columns(findings, Weight::kWarning, "mixed_columns",
              names_where(summary, [](const ColumnReport& one) { return one.type == ColumnReport::Type::kMixed; }),
              "holds numbers and text", "hold numbers and text",
              "Readers take all of it for text, or fail. Look at what made the table.");
  add_cells(findings, summary, Weight::kWarning, "not_utf8", &ColumnReport::not_utf8, "are no UTF-8",
            "Many readers refuse such a table. flowgauge writes none: convert it.");
  std::vector<std::string> beyond = names_where(summary, [](const ColumnReport& one) { return one.beyond_2_53 > 0; });
  add_columns(
      findings, Weight::kNote, "beyond_2_53", std::move(beyond), "has whole numbers beyond 2^53",
      "have whole numbers beyond 2^53",
      "Readers that take numbers for doubles round them: JavaScript, and pandas where cells are missing. Read them as "
      "64-bit integers.");
  const auto repeated = [&] {
    std::map<std::string, int> times;
    for (const ColumnReport& column : summary.columns) ++times[column.name];
    std::vector<std::string> names;
    for (const auto& [name, count] : times)
      if (count > 1) names.push_back(name);
    return names;
  }();
  add_columns(findings, Weight::kWarning, "repeated_names", repeated, "has its name more than once",
              "have their names more than once", "Readers rename or drop one of them. Rename it at the source.");
}

}  // namespace flowgauge
