#include "core/monitor/metrics_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <initializer_list>
#include <iterator>
#include <utility>

#include "core/base/utf8.h"
#include "core/base/version.h"
#include "core/monitor/conditions.h"
#include "core/plugin/module.h"

namespace flowgauge {
namespace {

double in_seconds(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

// Prometheus 0.0.4: a backslash, a quote and a line's end are escaped. What is no UTF-8 becomes U+FFFD.
std::string escaped(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    const std::size_t bytes = utf8_character(text);
    if (text.front() == '\\' || text.front() == '"') result += '\\';
    if (text.front() == '\n')
      result += "\\n";
    else if (bytes == 0)
      result += "\xef\xbf\xbd";
    else
      result += text.substr(0, bytes);
    text.remove_prefix(std::max<std::size_t>(bytes, 1));
  }
  return result;
}

class MetricsText {
 public:
  using Labels = std::initializer_list<std::pair<std::string_view, std::string_view>>;

  MetricsText& counter(std::string_view name, std::string_view help) { return family(name, "counter", help); }
  MetricsText& gauge(std::string_view name, std::string_view help) { return family(name, "gauge", help); }

  MetricsText& sample(Labels labels, std::uint64_t value) { return write(labels, fmt::format("{}", value)); }
  MetricsText& seconds(Labels labels, std::chrono::nanoseconds time) {
    return write(labels, fmt::format("{:.6f}", in_seconds(time)));
  }

  [[nodiscard]] std::string take() { return std::move(text_); }

 private:
  MetricsText& family(std::string_view name, std::string_view type, std::string_view help) {
    name_ = fmt::format("flowgauge_{}", name);
    fmt::format_to(std::back_inserter(text_), "# HELP {} {}\n# TYPE {} {}\n", name_, help, name_, type);
    return *this;
  }

  MetricsText& write(Labels labels, const std::string& value) {
    text_ += name_;
    char before = '{';
    for (const auto& [name, text] : labels) {
      fmt::format_to(std::back_inserter(text_), "{}{}=\"{}\"", before, name, escaped(text));
      before = ',';
    }
    if (before == ',') text_ += '}';
    text_.append(" ").append(value).append("\n");
    return *this;
  }

  std::string name_;
  std::string text_;
};

void add_run(MetricsText& text, const RunStatus& status, std::span<const std::string_view> conditions) {
  text.gauge("build_info", "Always 1; the label is the version of the program.")
      .sample({{"version", FLOWGAUGE_VERSION}}, 1);
  text.gauge("elapsed_seconds", "Time since the run began to read.").seconds({}, status.elapsed);
  text.gauge("memory_bytes", "Resident memory of the process.").sample({}, status.memory_bytes);
  text.gauge("condition", "1 while this is wrong, else 0.");
  for (const std::string_view name : RunConditions::names())
    text.sample({{"condition", name}}, std::ranges::count(conditions, name) > 0 ? 1 : 0);
}

void add_packets(MetricsText& text, const RunStatus& status, const WorkerStatus& total) {
  text.counter("frames_total", "Frames of the inputs, or seen on the interfaces.")
      .sample({}, status.ledger.frames_read);
  text.counter("packets_total", "Packets in flows.").sample({}, total.flows.packets);
  text.counter("bytes_total", "IP lengths of the packets in flows.").sample({}, total.flows.bytes);
  text.counter("ignored_frames_total", "Frames that are no packets of a flow, by reason.");
  for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason)
    text.sample({{"reason", reason_name(static_cast<packet_reason>(reason))}},
                status.ledger.by_reason[static_cast<std::size_t>(reason)]);
  text.sample({{"reason", "other_partition"}}, status.ledger.other_partition);
}

void add_flows(MetricsText& text, const WorkerStatus& total) {
  text.gauge("flows_active", "Flows that are open.").sample({}, total.open_flows);
  text.counter("flows_begun_total", "Flows that were created.").sample({}, total.flows.flows);
  text.counter("flows_ended_total", "Flows that ended, by reason; lack_of_resources: max_flows was too low.");
  for (std::size_t reason = 0; reason < kEndReasons; ++reason)
    text.sample({{"reason", kEndReasonNames[reason]}}, total.flows.ended[reason]);
  text.counter("snapshots_total", "Rows of early export.").sample({}, total.flows.snapshots);
}

void add_outputs(MetricsText& text, const RunStatus& status) {
  text.counter("output_rows_total", "Rows that an output has taken.");
  for (std::size_t i = 0; i < status.outputs.size(); ++i) {
    const OutputStatus& output = status.outputs[i];
    text.sample({{"output", fmt::format("{}", i)}, {"schema", output.schema}, {"path", output.path}}, output.rows);
  }
  text.gauge("output_condition", "1 while the sink of an output says that this is wrong, 0 when it is over.");
  for (std::size_t i = 0; i < status.outputs.size(); ++i)
    for (const SinkCondition& one : status.outputs[i].conditions)
      text.sample({{"output", fmt::format("{}", i)},
                   {"schema", status.outputs[i].schema},
                   {"path", status.outputs[i].path},
                   {"condition", one.name}},
                  one.holds ? 1 : 0);
  text.gauge("rows_waiting", "Rows that are made and not written.").sample({}, status.lag.rows);
  text.counter("writing_seconds_total", "Time that went into writing rows.").seconds({}, status.lag.writing);
}

void add_inputs(MetricsText& text, const SourceProgress& files) {
  text.gauge("inputs", "Capture files of the run.").sample({}, files.inputs);
  text.gauge("inputs_begun", "Capture files that were begun.").sample({}, files.inputs_begun);
  text.counter("input_bytes_read_total", "Bytes of the capture files that were read, as stored.")
      .sample({}, files.bytes_read);
  text.gauge("input_bytes", "Bytes of all capture files, as stored; 0: not known.").sample({}, files.bytes_total);
}

struct InterfaceFamily {
  std::string_view name;
  std::string_view help;
  std::uint64_t (*value)(const LiveCounters& counters);
};
constexpr InterfaceFamily kInterfaceFamilies[] = {
    {"interface_seen_frames_total", "Frames that the interface showed in this direction.",
     [](const LiveCounters& one) { return one.seen; }},
    {"interface_submitted_packets_total", "Of those, packets handed to flows.",
     [](const LiveCounters& one) { return one.by_reason[PACKET_ACCEPTED]; }},
    {"interface_ring_full_packets_total", "Packets that found their ring full, and are lost.",
     [](const LiveCounters& one) { return one.ring_full; }},
    {"interface_ignored_frames_total", "Frames that are no packets of a flow.",
     [](const LiveCounters& one) { return LedgerCounts{.by_reason = one.by_reason}.ignored(); }},
    {"interface_lost_before_packets_total", "Packets lost before they were seen, as far as libpcap tells.",
     [](const LiveCounters& one) { return one.lost_before; }},
};

struct LinkFamily {
  std::string_view name;
  std::string_view help;
  std::uint64_t LinkCounters::*value;
};
constexpr LinkFamily kLinkFamilies[] = {
    {"link_rx_packets_total", "Packets that the interface received, by the kernel's count.", &LinkCounters::rx_packets},
    {"link_rx_bytes_total", "Bytes that the interface received, by the kernel's count.", &LinkCounters::rx_bytes},
    {"link_tx_packets_total", "Packets that the interface sent, by the kernel's count.", &LinkCounters::tx_packets},
    {"link_tx_bytes_total", "Bytes that the interface sent, by the kernel's count.", &LinkCounters::tx_bytes},
    {"link_rx_dropped_total", "Packets that driver or kernel dropped, and frames that no protocol of the host wants.",
     &LinkCounters::rx_dropped},
    {"link_rx_missed_total", "Packets that the card had no room for.", &LinkCounters::rx_missed},
    {"link_rx_no_buffer_total", "Packets that the host gave the card no room for.", &LinkCounters::rx_no_buffer},
};

void add_interfaces(MetricsText& text, const RunStatus& status) {
  for (const InterfaceFamily& family : kInterfaceFamilies) {
    text.counter(family.name, family.help);
    for (const LiveCounters& one : status.interfaces)
      text.sample({{"interface", one.interface}, {"direction", direction_name(one.direction)}}, family.value(one));
  }
  text.counter("interface_blind_seconds_total", "Time in which nobody watched, since the kernel program was detached.");
  for (const LiveCounters& one : status.interfaces)
    text.seconds({{"interface", one.interface}, {"direction", direction_name(one.direction)}}, one.blind);
  for (const LinkFamily& family : kLinkFamilies) {
    text.counter(family.name, family.help);
    for (const LinkCounters& one : status.host.links) text.sample({{"interface", one.interface}}, one.*family.value);
  }
  if (status.host.softnet)
    text.counter("softnet_dropped_total", "Packets that the kernel had no room for, on all interfaces of the machine.")
        .sample({}, *status.host.softnet);
  if (status.lag.clock)
    text.gauge("lag_seconds", "How far the slowest lane is behind the wall clock; some 0.1 s where nothing is late.")
        .seconds({}, *status.lag.clock);
}

void add_lanes(MetricsText& text, const RunStatus& status) {
  const auto each = [&](auto value) {
    for (std::size_t lane = 0; lane < status.workers.size(); ++lane)
      text.sample({{"lane", fmt::format("{}", lane)}}, value(status.workers[lane]));
  };
  text.counter("lane_packets_total", "Packets in the flows of this worker.");
  each([](const WorkerStatus& lane) { return lane.flows.packets; });
  text.counter("lane_rows_total", "Rows that this worker has made, of each output.");
  each([](const WorkerStatus& lane) { return lane.rows; });
  text.gauge("lane_flows_active", "Open flows of this worker.");
  each([](const WorkerStatus& lane) { return lane.open_flows; });
  if (status.interfaces.empty()) return;
  text.gauge("lane_lag_seconds", "How far this lane is behind the wall clock.");
  for (std::size_t lane = 0; lane < status.workers.size(); ++lane)
    if (const auto lag = lag_of(status.workers[lane], status)) text.seconds({{"lane", fmt::format("{}", lane)}}, *lag);
  if (status.rings.empty()) return;
  text.gauge("lane_ring_bytes", "Size of the ring of this lane.");
  for (std::size_t lane = 0; lane < status.rings.size(); ++lane)
    text.sample({{"lane", fmt::format("{}", lane)}}, status.rings[lane].bytes);
  text.gauge("lane_ring_used_bytes", "How much of the ring waits to be read.");
  for (std::size_t lane = 0; lane < status.rings.size(); ++lane)
    text.sample({{"lane", fmt::format("{}", lane)}}, status.rings[lane].used_bytes);
}

void add_features(MetricsText& text, const RunStatus& status) {
  if (status.counters.empty()) return;
  text.counter("feature_total", "What features count over all their flows; the unit is a label.");
  for (const FeatureCounter& one : status.counters)
    text.sample({{"feature", one.feature}, {"counter", one.name}, {"unit", unit_name(one.unit)}}, one.value);
}

}  // namespace

std::string metrics_text(const RunStatus& status, std::span<const std::string_view> conditions) {
  const WorkerStatus total = status.total();
  MetricsText text;
  add_run(text, status, conditions);
  add_packets(text, status, total);
  add_flows(text, total);
  add_outputs(text, status);
  if (status.files) add_inputs(text, *status.files);
  if (!status.interfaces.empty()) add_interfaces(text, status);
  add_lanes(text, status);
  add_features(text, status);
  return text.take();
}

}  // namespace flowgauge
