// The run report for programs: docs/run-report.md.
#include <fmt/format.h>

#include "core/base/version.h"
#include "core/report/report_members.h"

namespace flowgauge {
namespace {

void add_flows(const RunReport& report, JsonText& json) {
  const FlowCounters& flows = report.counters.flows;
  json.begin_object("flows").number("begun", flows.flows).number("snapshots", flows.snapshots);
  json.number("most_at_once", flows.most_flows).number("packets_older_than_clock", report.older_packets());
  json.number("packets_too_far_ahead", report.clock.ahead_packets).number("clock_steps_back", report.clock.steps);
  json.number("vlan_halves", report.vlan_halves.conversations);
  json.boolean("vlan_halves_estimated", report.vlan_halves.is_estimate);
  add_end_reasons(flows, json);
  json.end_object();
}

void add_conditions(const OutputReport& output, JsonText& json) {
  json.begin_array("conditions");
  for (const SinkCondition& one : output.conditions)
    json.begin_object()
        .text("condition", one.name)
        .text("text", one.text)
        .number("times", one.times)
        .seconds("seconds", std::chrono::duration<double>(one.held).count())
        .end_object();
  json.end_array();
}

void add_outputs(const RunReport& report, JsonText& json) {
  json.begin_array("outputs");
  for (const OutputReport& output : report.outputs) {
    json.begin_object().text("schema", output.schema).text("schema_version", output.schema_version);
    json.text("location", output.location).number("rows", output.rows).boolean("complete", output.complete);
    if (output.files != 0) json.number("files", output.files).number("files_deleted", output.files_deleted);
    if (!output.metadata.empty()) json.text("metadata", output.metadata);
    if (!output.conditions.empty()) add_conditions(output, json);
    json.begin_array("left_out");
    for (const std::string& name : output.left_out) json.text({}, name);
    json.end_array().end_object();
  }
  json.end_array();
}

void add_feature_counters(const FeatureCounters& counters, JsonText& json) {
  json.begin_array("feature_counters");
  for (const FeatureCounter& counter : counters)
    json.begin_object()
        .text("name", fmt::format("{}.{}", counter.feature, counter.name))
        .text("unit", unit_name(counter.unit))
        .number("value", counter.value)
        .end_object();
  json.end_array();
}

}  // namespace

std::string report_json(const RunReport& report) {
  JsonText json;
  json.begin_object()
      .text("version", FLOWGAUGE_VERSION)
      .number("exit_code", static_cast<std::uint64_t>(report.exit_code));
  json.boolean("interrupted", report.interrupted).boolean("reader_gone", report.reader_gone);
  json.begin_array("problems");
  for (const Error& problem : report.problems) json.text({}, problem.message);
  json.end_array().begin_array("warnings");
  for (const std::string& warning : report.warnings) json.text({}, warning);
  json.end_array();
  if (report.live) add_live(*report.live, json);
  add_ledger(report, LedgerOf::kRun, json);
  add_flows(report, json);
  add_outputs(report, json);
  json.number("cut_cells", report.counters.cut_cells);
  if (report.labels) add_labels(*report.labels, json);
  if (!report.counters.features.empty()) add_feature_counters(report.counters.features, json);
  add_setup(report, json);
  json.number("threads", report.threads)
      .seconds("seconds", std::chrono::duration<double>(report.elapsed).count())
      .seconds("packets_per_second", report.packets_per_second());
  json.number("peak_memory_bytes", report.peak_memory_bytes).end_object();
  return json.take();
}

}  // namespace flowgauge
