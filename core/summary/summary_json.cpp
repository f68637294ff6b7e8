#include "core/summary/summary_forms.h"
#include "core/text/iso_time.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kSummaryVersion = 1;  // rises where a field changes its meaning

void add_names_to(JsonText& json, std::string_view key, const std::vector<std::string>& names) {
  json.begin_array(key);
  for (const std::string& name : names) json.text({}, name);
  json.end_array();
}

void add_shares(JsonText& json, std::string_view key, const std::vector<ValueShare>& shares) {
  json.begin_array(key);
  for (const ValueShare& one : shares)
    json.begin_object().text("value", one.value).number("rows", one.rows).end_object();
  json.end_array();
}

void add_optional(JsonText& json, std::string_view key, const std::optional<std::uint64_t>& number) {
  if (number)
    json.number(key, *number);
  else
    json.null(key);
}

void add_histogram(JsonText& json, const Histogram& histogram) {
  if (histogram.bins.empty()) return;
  json.begin_object("histogram").text("scale", scale_name(histogram.scale)).begin_array("bins");
  for (const Histogram::Bin& bin : histogram.bins)
    json.begin_object().real("from", bin.from).real("to", bin.to).number("rows", bin.rows).end_object();
  json.end_array().end_object();
}

void add_column_to(JsonText& json, const ColumnReport& column) {
  json.begin_object().text("name", column.name).text("type", type_name_of(column.type));
  json.text("role", role_name(column.meaning.role)).text("unit", column.meaning.unit);
  add_names_to(json, "classes", column.meaning.classes);
  json.number("values", column.values).number("missing", column.missing).number("texts", column.texts);
  json.number("not_finite", column.not_finite)
      .number("beyond_2_53", column.beyond_2_53)
      .number("not_utf8", column.not_utf8);
  json.number("distinct", column.distinct).boolean("distinct_is_estimate", column.distinct_is_estimate);
  json.boolean("constant", column.is_constant);
  if (column.numbers) {
    const ColumnReport::Numbers& numbers = *column.numbers;
    json.real("min", numbers.least)
        .real("mean", numbers.mean)
        .real("std", numbers.deviation)
        .real("max", numbers.greatest);
    json.real("p05", numbers.p05).real("p25", numbers.p25).real("median", numbers.median);
    json.real("p75", numbers.p75).real("p95", numbers.p95).number("zeros", numbers.zeros);
  }
  if (column.moments) {
    json.text("first", iso_time(column.moments->first_ns)).text("last", iso_time(column.moments->last_ns));
    json.integer("first_ns", column.moments->first_ns).integer("median_ns", column.moments->median_ns);
    json.integer("last_ns", column.moments->last_ns);
  }
  add_shares(json, "top", column.top);
  add_histogram(json, column.histogram);
  json.end_object();
}

void add_files(JsonText& json, const Summary& summary) {
  json.begin_array("files");
  for (const SummarizedFile& file : summary.files) {
    json.begin_object().text("name", file.name).text("format", file.format);
    json.text("compression", file.compression.empty() ? "none" : file.compression).number("rows", file.rows);
    json.number("blank_lines", file.left_out.blank_lines).number("repeated_headers", file.left_out.repeated_headers);
    json.end_object();
  }
  json.end_array();
}

}  // namespace

std::string summary_json(const Summary& summary) {
  JsonText json;
  json.begin_object().number("summary_version", kSummaryVersion);
  add_files(json, summary);
  json.number("rows", summary.rows).boolean("whole", !summary.fault);
  if (summary.fault) json.text("fault", summary.fault->message);
  if (summary.schema) json.text("schema", *summary.schema);
  if (summary.account) json.text("account", *summary.account);
  if (const ColumnReport* start = summary.start(); start != nullptr) {
    json.begin_object("span").text("column", start->name).text("first", iso_time(start->moments->first_ns));
    json.text("last", iso_time(start->moments->last_ns)).integer("first_ns", start->moments->first_ns);
    json.integer("last_ns", start->moments->last_ns).end_object();
  } else {
    json.null("span");
  }
  add_shares(json, "protocols", summary.protocols);
  json.text("services_are", summary.services_are);
  add_shares(json, "services", summary.services);
  add_shares(json, "end_reasons", summary.end_reasons);
  json.text("label_column", summary.label_column);
  add_shares(json, "labels", summary.labels);
  add_optional(json, "zero_durations", summary.facts.zero_durations);
  add_optional(json, "zero_durations_of_many", summary.facts.zero_durations_of_many);
  add_optional(json, "one_sided", summary.facts.one_sided);
  json.begin_array("findings");
  for (const TableFinding& finding : summary.findings) {
    json.begin_object()
        .text("kind", finding.kind)
        .text("weight", finding.weight == TableFinding::Weight::kWarning ? "warning" : "note");
    json.text("what", finding.what).text("why", finding.why).number("rows", finding.rows);
    add_names_to(json, "columns", finding.columns);
    json.end_object();
  }
  json.end_array();
  json.begin_array("columns");
  for (const ColumnReport& column : summary.columns) add_column_to(json, column);
  json.end_array().end_object();
  return json.take();
}

}  // namespace flowgauge
