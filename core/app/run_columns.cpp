// flowgauge columns: every column of the host and of the plugins that are found.
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "core/app/commands.h"
#include "core/app/standard_output.h"
#include "core/base/log.h"
#include "core/engine/json_text.h"
#include "core/export/contamination.h"
#include "core/plugin/module.h"

namespace flowgauge {
namespace {

std::string_view unit_name(fg_unit unit) {
  switch (unit) {
    case FG_UNIT_COUNT:
      return "count";
    case FG_UNIT_PACKETS:
      return "packets";
    case FG_UNIT_BYTES:
      return "B";
    case FG_UNIT_NS:
      return "ns";
    case FG_UNIT_US:
      return "us";
    case FG_UNIT_MS:
      return "ms";
    case FG_UNIT_S:
      return "s";
    case FG_UNIT_PER_S:
      return "1/s";
    case FG_UNIT_BYTES_PER_S:
      return "B/s";
    default:
      return "";
  }
}

struct Line {
  std::string name, type, unit, reveals, doc;
};

// A time in the catalog counts from the flow's start; as a cell it is absolute, which reveals just that.
fg_contamination classes_of(const fg_column& column) {
  return column.type == FG_TIME ? column.reveals | FG_REVEALS_TIME : column.reveals;
}

std::string reveals_text(const fg_column& column) {
  const fg_contamination base = classes_of(column);
  const fg_contamination extremes = column.extremes_reveal & ~base;
  std::string text = contamination_text(base);
  if (extremes != 0) text += fmt::format("; min and max: {}", contamination_text(extremes));
  return text;
}

std::vector<Line> lines_of(const Catalog& catalog) {
  std::vector<Line> lines;
  for (const Feature* feature : catalog.features()) {
    for (const fg_column& column : feature->columns) {
      const bool nullable = (column.flags & FG_NULLABLE) != 0;
      lines.push_back({fmt::format("{}.{}", feature->name, column.name),
                       fmt::format("{}{}", type_name(column.type), nullable ? "?" : ""),
                       std::string(unit_name(column.unit)), reveals_text(column), column.doc});
    }
  }
  return lines;
}

std::string as_table(const std::vector<Line>& lines) {
  std::string text = fmt::format("{:<34} {:<9} {:<8} {:<24} {}\n", "column", "type", "unit", "reveals", "meaning");
  for (const Line& line : lines) {
    fmt::format_to(std::back_inserter(text), "{:<34} {:<9} {:<8} {:<24} {}\n", line.name, line.type, line.unit,
                   line.reveals, line.doc);
  }
  return text;
}

std::string as_markdown(const Catalog& catalog, const std::vector<Line>& lines) {
  std::string text =
      "# Columns\n\n"
      "Made by `flowgauge columns --markdown`; a test checks that it is fresh. A `?` behind a type: the cell may be "
      "null. A series has the\n"
      "members `.count .total .mean .std .std_sample .min .max`. *Reveals* names the contamination classes "
      "([semantics.md](semantics.md) 6).\n";
  std::size_t next = 0;
  for (const Feature* feature : catalog.features()) {
    fmt::format_to(std::back_inserter(text),
                   "\n## {}\n\n{}\n\n| column | type | unit | reveals | meaning |\n|---|---|---|---|---|\n",
                   feature->name, feature->doc);
    for (std::size_t i = 0; i < feature->columns.size(); ++i, ++next) {
      const Line& line = lines[next];
      fmt::format_to(std::back_inserter(text), "| `{}` | {} | {} | {} | {} |\n", line.name, line.type, line.unit,
                     line.reveals, line.doc);
    }
  }
  return text;
}

std::string as_json(const std::vector<Line>& lines) {
  JsonText json;
  json.begin_array();
  for (const Line& line : lines) {
    json.begin_object().text("name", line.name).text("type", line.type).text("unit", line.unit);
    json.text("reveals", line.reveals).text("meaning", line.doc).end_object();
  }
  json.end_array();
  return json.take();
}

}  // namespace

ExitCode run_columns(const ColumnsCommand& command) {
  std::vector<std::string> refusals;
  const auto plan = load_all_plugins(plugin_paths(command.plugins), refusals);
  for (const std::string& refusal : refusals) log_warning("{}", refusal);
  const std::vector<Line> lines = lines_of(plan->catalog);
  switch (command.format) {
    case ColumnsFormat::kJson:
      return write_standard_output(as_json(lines));
    case ColumnsFormat::kMarkdown:
      return write_standard_output(as_markdown(plan->catalog, lines));
    case ColumnsFormat::kTable:
      break;
  }
  return write_standard_output(as_table(lines));
}

}  // namespace flowgauge
