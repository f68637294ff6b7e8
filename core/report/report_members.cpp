#include "core/report/report_members.h"

#include <fmt/format.h>

#include "core/flow/flow_record.h"
#include "core/packet/endpoint_class.h"
#include "core/packet/parse/parse.h"
#include "core/plugin/judged_library.h"

namespace flowgauge {
namespace {

constexpr std::size_t kReportedKinds = 32;  // of frames without IP; the others are summed up

void add_not_ip(const NotIpKinds& counted, JsonText& json) {
  const std::vector<NotIpKinds::Kind> kinds = counted.commonest();
  json.begin_array("not_ip");
  std::uint64_t others = 0;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (i >= kReportedKinds) {
      others += kinds[i].frames;
      continue;
    }
    json.begin_object().text("kind", not_ip_name(kinds[i].kind));
    if (kinds[i].kind >= 0x600 && kinds[i].kind < PACKET_NO_KIND)
      json.text("ether_type", fmt::format("0x{:04x}", kinds[i].kind));
    json.number("frames", kinds[i].frames).end_object();
  }
  if (others != 0) json.begin_object().text("kind", "others").number("frames", others).end_object();
  json.end_array();
}

}  // namespace

std::vector<std::string_view> ignored_names() {
  std::vector<std::string_view> names;
  for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason)
    names.push_back(reason_name(static_cast<packet_reason>(reason)));
  names.emplace_back("other_partition");
  return names;
}

std::vector<std::uint64_t> ignored_counts(const Ledger& ledger) {
  std::vector<std::uint64_t> counts(ledger.by_reason.begin() + 1, ledger.by_reason.end());
  counts.push_back(ledger.other_partition);
  return counts;
}

void add_ledger(const RunReport& report, LedgerOf of, JsonText& json) {
  json.begin_object("ledger")
      .number("frames_read", report.ledger.frames_read)
      .number("untimed_frames", report.ledger.untimed_frames)
      .number("in_flows", report.counters.flows.packets);
  json.begin_object("ignored");
  const auto names = ignored_names();
  const auto counts = ignored_counts(report.ledger);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (counts[i] != 0) json.number(names[i], counts[i]);
  json.end_object();
  if (const NotIpKinds& kinds = report.ledger.not_ip; !kinds.commonest().empty()) add_not_ip(kinds, json);
  json.number("packets_in_rows", report.counters.packets_in_rows);
  if (of == LedgerOf::kRun) json.boolean("balances", report.ledger_balances());
  json.end_object();
}

void add_end_reasons(const FlowCounters& flows, JsonText& json) {
  json.begin_object("by_end_reason");
  for (std::size_t reason = 0; reason < kEndReasons; ++reason)
    json.number(kEndReasonNames[reason], flows.ended[reason]);
  json.end_object();
}

void add_labels(const LabelReport& labels, JsonText& json) {
  json.begin_object("labels").text("file", labels.path).text("sha256", labels.sha256).begin_array("columns");
  for (const std::string& column : labels.columns) json.text({}, column);
  json.end_array().begin_array("rules");
  for (const LabelReport::Rule& rule : labels.rules) {
    json.begin_object().number("line", static_cast<std::uint64_t>(rule.line)).text("label", rule.label);
    json.number("rows", rule.rows).end_object();
  }
  json.end_array().number("rows_without_a_match", labels.rows_without).end_object();
}

void add_libraries(std::span<const UsedLibrary> libraries, JsonText& json) {
  json.begin_array("libraries");
  for (const UsedLibrary& library : libraries)
    json.begin_object()
        .text("name", library.name)
        .text("path", library.path)
        .text("sha256", library.file->sha256())
        .end_object();
  json.end_array();
}

void add_setup(const RunReport& report, JsonText& json) {
  json.begin_object("profile").text("sha256", report.profile_hash).begin_array("files");
  for (const std::string& file : report.profile_files) json.text({}, file);
  json.end_array().end_object();
  json.begin_array("plugins");
  for (const ModuleReport& module : report.modules) {
    json.begin_object()
        .text("name", module.name)
        .text("version", module.version)
        .text("path", module.path)
        .text("sha256", module.sha256);
    if (!module.libraries.empty()) add_libraries(module.libraries, json);
    json.end_object();
  }
  json.end_array();
  if (report.hash_seed) json.text("hash_seed", fmt::format("{}", *report.hash_seed));  // of 64 bits: no JSON number
  if (!report.partitions.empty()) json.text("partitions", report.partitions);
  json.number("service_group_version", kServiceGroupVersion).text("service_group_sha256", service_group_sha256());
  json.begin_array("inputs");
  for (const InputReport& input : report.inputs)
    json.begin_object().text("name", input.name).number("size_bytes", input.size_bytes).end_object();
  json.end_array();
}

}  // namespace flowgauge
