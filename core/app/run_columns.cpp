// flowgauge columns: every column of the host and of the plugins that are found.
#include <fmt/format.h>

#include <iterator>
#include <string>
#include <string_view>
#include <vector>

#include "core/app/commands.h"
#include "core/app/module_text.h"
#include "core/app/standard_output.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/engine/plugin_json.h"
#include "core/packet/endpoint_class.h"
#include "core/plugin/contamination.h"
#include "core/plugin/derived_feature.h"
#include "core/plugin/module.h"
#include "core/text/json_text.h"
#include "core/text/text_columns.h"

namespace flowgauge {
namespace {

struct Line {
  std::string name, type, unit, doc, source;
  fg_contamination classes = FG_REVEALS_NOTHING;
  fg_contamination extremes = FG_REVEALS_NOTHING;  // of a series: what .min and .max reveal beyond that
};

// "Share of the source's bytes (derived from packet_length.fwd, packet_length.bwd)"
std::string meaning_of(const CatalogColumn& column) {
  if (column.derive == nullptr) return column.column().doc;
  const std::vector<std::string> inputs = names_of(column.derive->inputs);
  return fmt::format("{} (derived{}{})", column.column().doc, inputs.empty() ? "" : " from ", join(inputs));
}

std::vector<Line> lines_of(const Catalog& catalog) {
  std::vector<Line> lines;
  for (const CatalogColumn* one : catalog.columns()) {
    const fg_column& column = one->column();
    const bool nullable = (column.flags & FG_NULLABLE) != 0;
    lines.push_back({one->full_name, fmt::format("{}{}", type_name(column.type), nullable ? "?" : ""),
                     std::string(unit_name(column.unit)), meaning_of(*one), source_of(*one->feature, column),
                     revealed_by(*one, catalog), revealed_by_extremes(column)});
  }
  return lines;
}

std::string reveals_text(const Line& line) {
  std::string text = contamination_text(line.classes);
  if (line.extremes != 0) text += fmt::format("; min and max: {}", contamination_text(line.extremes));
  return text;
}

std::string as_table(const std::vector<Line>& lines) {
  std::string text = fmt::format("{:<34} {:<9} {:<8} {:<26} {}\n", "column", "type", "unit", "reveals", "meaning");
  for (const Line& line : lines) {
    fmt::format_to(std::back_inserter(text), "{:<34} {:<9} {:<8} {:<26} {}\n", line.name, line.type, line.unit,
                   reveals_text(line), line.doc);
  }
  return text;
}

// "identity: it names a host ...; port: ..."
std::string reasons_text(fg_contamination classes) {
  std::vector<std::string> reasons;
  for (const ContaminationClass& one : contamination_classes(classes))
    reasons.push_back(fmt::format("{}: {}", one.name, one.reason));
  return join(reasons, "; ");
}

std::string as_contamination_table(const std::vector<Line>& lines) {
  std::string text = fmt::format("{:<34} {:<26} {}\n", "column", "reveals", "why");
  for (const Line& line : lines) {
    std::string why = reasons_text(line.classes);
    if (line.extremes != 0) {
      why += fmt::format("{}min and max are values of single packets; {}", why.empty() ? "" : "; ",
                         reasons_text(line.extremes));
    }
    fmt::format_to(std::back_inserter(text), "{:<34} {:<26} {}\n", line.name, reveals_text(line),
                   why.empty() ? "-" : why);
  }
  return text;
}

// Of Markdown, in lines of the width of the other pages.
std::string paragraph(std::string_view text) { return join(wrapped(text, 120, LongWord::kWhole), "\n"); }

std::string service_group_section() {
  std::string text = fmt::format(
      "\n## Service groups\n\n{}\n\n| group | destination ports |\n|---|---|\n",
      paragraph(fmt::format("`endpoint.service_group`, and `service_group()` in expressions, take the group of the "
                            "destination port from this table, version {} (SHA-256 `{}`); every other port, and "
                            "protocols without ports, are `other`.",
                            kServiceGroupVersion, service_group_sha256())));
  for (const ServiceGroupPorts& group : service_group_table())
    fmt::format_to(std::back_inserter(text), "| `{}` | {} |\n", group.name, group.ports);
  return text;
}

std::string as_markdown(const Catalog& catalog, const std::vector<Line>& lines) {
  std::string text =
      "# Columns\n\n" +
      paragraph(
          "Made by `flowgauge columns --markdown`; a test checks that it is fresh. A `?` behind a type: the cell may "
          "be null. A series has the members `.count .total .mean .std .std_sample .min .max`; its unit is that of all "
          "but the count. *Reveals* names the contamination classes; `flowgauge columns --contamination` says why. "
          "*Source*: where the definition is written, sections of [semantics.md](semantics.md) first.") +
      "\n\n| class | a column of it gives something away because |\n|---|---|\n";
  for (const ContaminationClass& one : contamination_classes())
    fmt::format_to(std::back_inserter(text), "| `{}` | {} |\n", one.name, one.reason);
  std::size_t next = 0;
  for (const Feature* feature : catalog.features()) {
    fmt::format_to(
        std::back_inserter(text),
        "\n## {}\n\n{}\n\n| column | type | unit | reveals | meaning | source |\n|---|---|---|---|---|---|\n",
        feature->name, paragraph(feature->doc));
    for (std::size_t i = 0; i < feature->columns.size(); ++i, ++next) {
      const Line& line = lines[next];
      fmt::format_to(std::back_inserter(text), "| `{}` | {} | {} | {} | {} | {} |\n", line.name, line.type, line.unit,
                     reveals_text(line), line.doc, line.source);
    }
  }
  return text + service_group_section();
}

std::string as_contamination_json(const std::vector<Line>& lines) {
  JsonText json;
  json.begin_array();
  for (const Line& line : lines) {
    json.begin_object().text("name", line.name);
    add_classes(json, "classes", line.classes);
    add_classes(json, "classes_of_extremes", line.extremes);
    json.begin_object("reasons");
    for (const ContaminationClass& one : contamination_classes(line.classes | line.extremes))
      json.text(one.name, one.reason);
    json.end_object().end_object();
  }
  json.end_array();
  return json.take();
}

std::string text_of(const ColumnsCommand& command, const Catalog& catalog) {
  const std::vector<Line> lines = lines_of(catalog);
  switch (command.format) {
    case ListFormat::kJson:
      return command.contamination ? as_contamination_json(lines) : columns_json(catalog);
    case ListFormat::kMarkdown:
      return as_markdown(catalog, lines);
    case ListFormat::kTable:
      break;
  }
  return command.contamination ? as_contamination_table(lines) : as_table(lines);
}

}  // namespace

ExitCode run_columns(const ColumnsCommand& command) {
  std::vector<std::string> refusals;
  const auto plan = load_all_plugins(plugin_paths(command.plugins), refusals);
  for (const std::string& refusal : refusals) log_warning("{}", refusal);
  return write_standard_output(text_of(command, plan->catalog));
}

}  // namespace flowgauge
