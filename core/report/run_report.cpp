#include "core/report/run_report.h"

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "core/base/text.h"
#include "core/flow/flow_record.h"
#include "core/packet/endpoint_class.h"
#include "core/packet/parse/parse.h"
#include "core/plugin/judged_library.h"
#include "core/report/report_members.h"

namespace flowgauge {
namespace {

constexpr std::size_t kNamedKinds = 3;      // of frames without IP, in the last message
constexpr std::size_t kReportedKinds = 32;  // the same in JSON; the others are summed up

double rate(std::uint64_t number, double seconds) { return seconds > 0 ? static_cast<double>(number) / seconds : 0; }

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

// "idle_timeout 12, fin 3"; only those that are not 0.
std::string counts_text(std::span<const std::string_view> names, std::span<const std::uint64_t> counts) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (counts[i] != 0) parts.push_back(fmt::format("{} {}", names[i], with_thousands(counts[i])));
  return join(parts);
}

std::vector<std::string_view> ignored_names() {
  std::vector<std::string_view> names;
  for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason)
    names.push_back(reason_name(static_cast<packet_reason>(reason)));
  names.emplace_back("other_partition");
  return names;
}

// In the order of their names.
std::vector<std::uint64_t> ignored_counts(const Ledger& ledger) {
  std::vector<std::uint64_t> counts(ledger.by_reason.begin() + 1, ledger.by_reason.end());
  counts.push_back(ledger.other_partition);
  return counts;
}

// The kinds of frames without IP: "not_ip 1,290: 0x8909 1,200, ARP 80, LLDP 9". Empty if they are few, or not told
// apart.
std::string not_ip_text(const Ledger& ledger) {
  const std::uint64_t frames = ledger.by_reason[PACKET_NOT_IP];
  const std::vector<NotIpKinds::Kind> kinds = ledger.not_ip.commonest();
  if (kinds.empty() || frames * 100 <= ledger.frames_read) return {};
  std::vector<std::string> parts;
  for (const NotIpKinds::Kind& kind : std::span(kinds).first(std::min(kNamedKinds, kinds.size())))
    parts.push_back(fmt::format("{} {}", not_ip_name(kind.kind), with_thousands(kind.frames)));
  return fmt::format("not_ip {}: {}", with_thousands(frames), join(parts));
}

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

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

// What files count, and what live lanes do.
std::uint64_t older_packets(const RunReport& report) {
  return report.clock.older_packets + report.counters.flows.late_packets;
}

// "3 packets older than packets before them, 1 packet far ahead of all others, the clock set back 2 times"; or nothing.
std::string order_text(const RunReport& report) {
  std::vector<std::string> parts;
  if (const std::uint64_t older = older_packets(report); older != 0)
    parts.push_back(counted(older, "packet") + " older than packets before them");
  if (report.clock.ahead_packets != 0)
    parts.push_back(counted(report.clock.ahead_packets, "packet") + " too far ahead to move the clock");
  if (report.clock.steps != 0) parts.push_back("the clock set back " + counted(report.clock.steps, "time"));
  return join(parts);
}

void add_flows(const RunReport& report, JsonText& json) {
  const FlowCounters& flows = report.counters.flows;
  json.begin_object("flows").number("begun", flows.flows).number("snapshots", flows.snapshots);
  json.number("most_at_once", flows.most_flows).number("packets_older_than_clock", older_packets(report));
  json.number("packets_too_far_ahead", report.clock.ahead_packets).number("clock_steps_back", report.clock.steps);
  json.number("vlan_halves", report.vlan_halves.conversations);
  json.boolean("vlan_halves_estimated", report.vlan_halves.is_estimate);
  add_end_reasons(flows, json);
  json.end_object();
}

// "vlan     12 conversations ..."
std::string halves_line(const VlanHalvesReport& halves) {
  return fmt::format(
      "vlan     {}{} in two flows each, since the VLANs of the two directions differ; --flow-key no_vlan joins them\n",
      halves.is_estimate ? "about " : "", counted(halves.conversations, "conversation"));
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

// "wrong    collector_away of tcp://h:4739: 2 times, 12.3 s in all"
std::string condition_lines(const OutputReport& output) {
  std::string text;
  for (const SinkCondition& one : output.conditions)
    text += fmt::format("wrong    {} of {}: {}, {:.1f} s in all\n", one.name, output.location,
                        counted(one.times, "time"), std::chrono::duration<double>(one.held).count());
  return text;
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

// "12,345 rows labelled, 67 without a match"
std::string labels_line(const LabelReport& labels) {
  std::uint64_t labelled = 0;
  for (const LabelReport::Rule& rule : labels.rules) labelled += rule.rows;
  return fmt::format("{} rows labelled by {}, {} without a match", with_thousands(labelled),
                     counted(labels.rules.size(), "rule"), with_thousands(labels.rows_without));
}

}  // namespace

// Rows that are not there weigh most, an input that ended early least.
ExitCode exit_code_of(const RunReport& report) {
  const auto has = [&](ExitCode code) {
    return std::ranges::any_of(report.problems, [code](const Error& problem) { return problem.code == code; });
  };
  if (has(ExitCode::kMemory)) return ExitCode::kMemory;
  if (has(ExitCode::kOutput)) return ExitCode::kOutput;
  if (has(ExitCode::kPlugin)) return ExitCode::kPlugin;
  if (report.interrupted) return ExitCode::kInterrupted;
  return report.problems.empty() ? ExitCode::kOk : report.problems.front().code;
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

void VlanHalvesReport::add(const VlanHalvesFound& found) {
  conversations += found.conversations * found.one_in;
  is_estimate = is_estimate || (found.one_in > 1 && found.conversations > 0);
}

bool RunReport::ledger_balances() const {
  const std::uint64_t lost = live ? live->ring_full() : 0;
  return ledger.frames_read == ledger.accepted() + ledger.ignored() + lost && (!live || live->balances()) &&
         ledger.accepted() == counters.flows.packets && counters.flows.packets == counters.packets_in_rows;
}

std::string report_text(const RunReport& report) {
  const double seconds = seconds_of(report.elapsed);
  const Ledger& ledger = report.ledger;
  std::string text;
  const auto out = std::back_inserter(text);
  if (report.live) text += live_text(*report.live);
  fmt::format_to(out, "frames   {} read = {} in flows + {} ignored{}{}\n", with_thousands(ledger.frames_read),
                 with_thousands(report.counters.flows.packets), with_thousands(ledger.ignored()),
                 in_brackets(counts_text(ignored_names(), ignored_counts(ledger))),
                 report.live ? losses_text(*report.live) : "");
  if (const std::string kinds = not_ip_text(ledger); !kinds.empty()) fmt::format_to(out, "ignored  {}\n", kinds);
  if (!report.partitions.empty()) fmt::format_to(out, "part     flows of partitions {} alone\n", report.partitions);
  fmt::format_to(out, "flows    {}{}\n", with_thousands(report.counters.flows.flows),
                 in_brackets(counts_text(kEndReasonNames, report.counters.flows.ended)));
  if (const std::string order = order_text(report); !order.empty()) fmt::format_to(out, "order    {}\n", order);
  if (report.vlan_halves.conversations != 0) text += halves_line(report.vlan_halves);
  for (const OutputReport& output : report.outputs)
    fmt::format_to(out, "rows     {} of schema {} to {}{}\n", with_thousands(output.rows), output.schema,
                   output.location,
                   output.files > 1 ? fmt::format(", the last of {} files", with_thousands(output.files)) : "");
  for (const OutputReport& output : report.outputs) text += condition_lines(output);
  if (report.labels) fmt::format_to(out, "labels   {}\n", labels_line(*report.labels));
  for (const std::string& counts : counter_texts(report.counters.features))
    fmt::format_to(out, "counted  {}\n", counts);
  fmt::format_to(out, "time     {:.2f} s, {} packets/s, peak memory {}\n", seconds,
                 with_thousands(static_cast<std::uint64_t>(rate(ledger.frames_read, seconds))),
                 human_bytes(report.peak_memory_bytes));
  return text;
}

std::string report_json(const RunReport& report) {
  const double seconds = seconds_of(report.elapsed);
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
      .seconds("seconds", seconds)
      .seconds("packets_per_second", rate(report.ledger.frames_read, seconds));
  json.number("peak_memory_bytes", report.peak_memory_bytes).end_object();
  return json.take();
}

std::uint64_t peak_memory_bytes() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;  // Linux counts in KiB
}

}  // namespace flowgauge
