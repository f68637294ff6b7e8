#include "core/engine/table_metadata.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "core/base/host_path.h"
#include "core/base/version.h"
#include "core/engine/column_origin.h"
#include "core/engine/run_parts.h"
#include "core/plugin/contamination.h"
#include "core/report/report_members.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kFormatVersion = 1;  // rises where a field changes its meaning; new fields may come at any time

std::string_view compression_name(std::string_view path) {
  if (path.ends_with(".gz")) return "gzip";
  return path.ends_with(".zst") ? "zstd" : "none";
}

void add_names(const char* key, const std::vector<std::string>& names, JsonText& json) {
  json.begin_array(key);
  for (const std::string& name : names) json.text({}, name);
  json.end_array();
}

void add_classes(const char* key, fg_contamination classes, JsonText& json) {
  json.begin_array(key);
  for (const ContaminationClass& one : contamination_classes(classes)) json.text({}, one.name);
  json.end_array();
}

void add_table(const PlannedOutput& output, const OutputReport& table, JsonText& json) {
  const std::filesystem::path location(table.location);
  std::error_code error;
  const std::uintmax_t size_bytes = std::filesystem::file_size(host_path(table.location), error);
  json.text("table", location.filename().string()).boolean("complete", table.complete).number("rows", table.rows);
  if (table.is_written) json.number("size_bytes", error ? 0 : size_bytes);
  if (table.part)
    json.begin_object("part").number("number", table.part->number).boolean("last", table.part->is_last).end_object();
  json.text("format", output.kind->name);
  json.boolean("header", output.header && output.kind->has_header);
  json.text("compression", compression_name(table.path));
}

void add_column(const OutputColumn& column, std::string_view role, std::string_view expression,
                std::string_view definition, JsonText& json) {
  json.begin_object().text("name", column.name).text("role", role).text("type", type_name(column.type));
  json.text("unit", unit_name(column.unit));
  add_classes("classes", column.reveals, json);
  json.text("expression", expression).text("definition", definition).end_object();
}

void add_columns(const Plan& plan, const PlannedOutput& output, JsonText& json) {
  json.begin_array("columns");
  for (std::size_t i = 0; i < output.columns.size(); ++i) {
    const ColumnOrigin origin = column_origin(plan, output, i);
    add_column(output.columns[i], origin.role, origin.expression, origin.definition, json);
  }
  json.end_array();
}

}  // namespace

std::string table_metadata(const Plan& plan, const PlannedOutput& output, const OutputReport& table, RunReport stream,
                           const Counted& counted) {
  stream.ledger = counted.ledger;
  stream.counters = counted.counters;
  if (plan.labels) stream.labels = label_report(*plan.labels, counted.counters.labels);
  JsonText json;
  json.begin_object().number("metadata_version", kFormatVersion);
  add_table(output, table, json);
  json.begin_object("schema").text("name", output.schema.name).text("version", output.schema.version).end_object();
  add_columns(plan, output, json);
  add_classes("excluded_classes", plan.profile.contamination.value, json);
  add_names("left_out", output.schema.left_out, json);
  json.begin_object("program").text("name", "flowgauge").text("version", FLOWGAUGE_VERSION);
  json.text("plugin_abi", fmt::format("1.{}", FG_ABI_MINOR)).end_object();
  add_setup(stream, json);
  if (stream.labels) add_labels(*stream.labels, json);
  add_ledger(stream, table.part ? LedgerOf::kPart : LedgerOf::kRun, json);
  json.begin_object("flows").number("begun", stream.counters.flows.flows);
  json.number("snapshots", stream.counters.flows.snapshots);
  add_end_reasons(stream.counters.flows, json);
  json.end_object().number("cut_cells", stream.counters.cut_cells).end_object();
  return json.take();
}

}  // namespace flowgauge
