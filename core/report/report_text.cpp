// The run report for people: some lines at the end of a run.
#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <span>

#include "core/base/text.h"
#include "core/flow/flow_record.h"
#include "core/report/report_members.h"

namespace flowgauge {
namespace {

constexpr std::size_t kNamedKinds = 3;  // of frames without IP

// "idle_timeout 12, fin 3"; only those that are not 0.
std::string counts_text(std::span<const std::string_view> names, std::span<const std::uint64_t> counts) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < names.size(); ++i)
    if (counts[i] != 0) parts.push_back(fmt::format("{} {}", names[i], with_thousands(counts[i])));
  return join(parts);
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

std::string in_brackets(const std::string& text) { return text.empty() ? "" : " (" + text + ")"; }

// "3 packets older than packets before them, 1 packet far ahead of all others, the clock set back 2 times"; or nothing.
std::string order_text(const RunReport& report) {
  std::vector<std::string> parts;
  if (const std::uint64_t older = report.older_packets(); older != 0)
    parts.push_back(counted(older, "packet") + " older than packets before them");
  if (report.clock.ahead_packets != 0)
    parts.push_back(counted(report.clock.ahead_packets, "packet") + " too far ahead to move the clock");
  if (report.clock.steps != 0) parts.push_back("the clock set back " + counted(report.clock.steps, "time"));
  return join(parts);
}

// "vlan     12 conversations ..."
std::string halves_line(const VlanHalvesReport& halves) {
  return fmt::format(
      "vlan     {}{} in two flows each, since the VLANs of the two directions differ; --flow-key no_vlan joins them\n",
      halves.is_estimate ? "about " : "", counted(halves.conversations, "conversation"));
}

// "wrong    collector_away of tcp://h:4739: 2 times, 12.3 s in all"
std::string condition_lines(const OutputReport& output) {
  std::string text;
  for (const SinkCondition& one : output.conditions)
    text += fmt::format("wrong    {} of {}: {}, {:.1f} s in all\n", one.name, output.location,
                        counted(one.times, "time"), std::chrono::duration<double>(one.held).count());
  return text;
}

// "12,345 rows labelled, 67 without a match"
std::string labels_line(const LabelReport& labels) {
  std::uint64_t labelled = 0;
  for (const LabelReport::Rule& rule : labels.rules) labelled += rule.rows;
  return fmt::format("{} rows labelled by {}, {} without a match", with_thousands(labelled),
                     counted(labels.rules.size(), "rule"), with_thousands(labels.rows_without));
}

}  // namespace

std::string report_text(const RunReport& report) {
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
  fmt::format_to(
      out, "time     {:.2f} s, {} packets/s, peak memory {}\n", std::chrono::duration<double>(report.elapsed).count(),
      with_thousands(static_cast<std::uint64_t>(report.packets_per_second())), human_bytes(report.peak_memory_bytes));
  return text;
}

}  // namespace flowgauge
