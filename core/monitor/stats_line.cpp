#include "core/monitor/stats_line.h"

#include <algorithm>

#include "core/monitor/conditions.h"
#include "core/plugin/module.h"
#include "core/text/iso_time.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

double seconds_in(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t sum_of(const RunStatus& status, std::uint64_t LiveCounters::*number) {
  std::uint64_t sum = 0;
  for (const LiveCounters& one : status.interfaces) sum += one.*number;
  return sum;
}

std::uint64_t ignored_on(const LiveCounters& one) { return LedgerCounts{.by_reason = one.by_reason}.ignored(); }

// One of a list of what was there before; a new one has counted nothing.
template <class T>
T at(const std::vector<T>& list, std::size_t place) {
  return place < list.size() ? list[place] : T{};
}

template <class T, class Same>
T find_in(const std::vector<T>& list, const Same& same) {
  const auto found = std::ranges::find_if(list, same);
  return found == list.end() ? T{} : *found;
}

class StatsLine {
 public:
  StatsLine(const RunStatus& before, const RunStatus& now)
      : before_(before), now_(now), interval_(seconds_in(now.elapsed - before.elapsed)) {}

  std::string text(const StatsMoment& moment) {
    json_.begin_object();
    json_.text("time", iso_time(now_.time_ns)).seconds("elapsed", seconds_in(now_.elapsed));
    json_.seconds("interval", interval_).text("phase", moment.is_last ? "done" : "running");
    json_.begin_array("conditions");
    for (const std::string_view condition : moment.conditions) json_.text({}, condition);
    json_.end_array();
    add_packets();
    add_flows();
    add_outputs();
    if (now_.files) add_inputs();
    if (!now_.interfaces.empty()) add_interfaces();
    add_lanes();
    add_features();
    json_.end_object();
    return json_.take();
  }

 private:
  void counter(std::string_view key, std::uint64_t before, std::uint64_t now) {
    const std::uint64_t more = now - std::min(before, now);
    json_.begin_object(key).number("total", now).number("new", more);
    json_.seconds("per_second", interval_ > 0 ? static_cast<double>(more) / interval_ : 0).end_object();
  }

  void lag(std::optional<std::chrono::nanoseconds> lag) {
    if (lag)
      json_.seconds("lag", seconds_in(*lag));
    else
      json_.null("lag");
  }

  void add_packets() {
    const WorkerStatus before = before_.total();
    const WorkerStatus now = now_.total();
    counter("frames", before_.ledger.frames_read, now_.ledger.frames_read);
    counter("packets", before.flows.packets, now.flows.packets);
    counter("bytes", before.flows.bytes, now.flows.bytes);
    if (!now_.interfaces.empty())
      counter("lost", sum_of(before_, &LiveCounters::ring_full) + sum_of(before_, &LiveCounters::lost_before),
              sum_of(now_, &LiveCounters::ring_full) + sum_of(now_, &LiveCounters::lost_before));
    json_.begin_object("ignored");
    for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason) {
      const auto place = static_cast<std::size_t>(reason);
      if (now_.ledger.by_reason[place] == 0) continue;
      counter(reason_name(static_cast<packet_reason>(reason)), before_.ledger.by_reason[place],
              now_.ledger.by_reason[place]);
    }
    if (now_.ledger.other_partition != 0)
      counter("other_partition", before_.ledger.other_partition, now_.ledger.other_partition);
    json_.end_object();
  }

  void add_flows() {
    const WorkerStatus total = now_.total();
    const FlowCounters before = before_.total().flows;
    const FlowCounters& now = total.flows;
    json_.begin_object("flows").number("active", total.open_flows);
    counter("begun", before.flows, now.flows);
    counter("snapshots", before.snapshots, now.snapshots);
    constexpr auto kEvicted = static_cast<std::size_t>(EndReason::kLackOfResources);
    counter("evicted", before.ended[kEvicted], now.ended[kEvicted]);
    json_.begin_object("by_end_reason");
    for (std::size_t reason = 0; reason < kEndReasons; ++reason)
      counter(kEndReasonNames[reason], before.ended[reason], now.ended[reason]);
    json_.end_object().end_object();
  }

  void add_outputs() {
    json_.begin_array("outputs");
    for (std::size_t i = 0; i < now_.outputs.size(); ++i) {
      const OutputStatus& output = now_.outputs[i];
      json_.begin_object().text("schema", output.schema).text("path", output.path);
      counter("rows", at(before_.outputs, i).rows, output.rows);
      add_told(output);
      json_.end_object();
    }
    json_.end_array().number("rows_waiting", now_.lag.rows);
    json_.seconds("writing", seconds_in(now_.lag.writing - before_.lag.writing));
    lag(now_.lag.clock);
    json_.number("memory_bytes", now_.memory_bytes);
  }

  void add_told(const OutputStatus& output) {
    json_.begin_array("conditions");
    for (const SinkCondition& one : output.conditions) {
      if (!one.holds) continue;
      json_.begin_object().text("condition", one.name).text("since", iso_time(one.since_ns)).text("text", one.text);
      json_.end_object();
    }
    json_.end_array();
  }

  void add_inputs() {
    json_.begin_object("inputs").text("reading", now_.files->input);
    json_.number("begun", now_.files->inputs_begun).number("all", now_.files->inputs);
    json_.number("bytes_read", now_.files->bytes_read).number("bytes", now_.files->bytes_total).end_object();
  }

  void add_interfaces() {
    json_.begin_array("interfaces");
    for (const LiveCounters& now : now_.interfaces) {
      const LiveCounters before = find_in(before_.interfaces, [&](const LiveCounters& one) {
        return one.interface == now.interface && one.direction == now.direction;
      });
      json_.begin_object().text("interface", now.interface).text("direction", direction_name(now.direction));
      counter("seen", before.seen, now.seen);
      counter("submitted", before.by_reason[PACKET_ACCEPTED], now.by_reason[PACKET_ACCEPTED]);
      counter("ring_full", before.ring_full, now.ring_full);
      counter("ignored", ignored_on(before), ignored_on(now));
      counter("lost_before", before.lost_before, now.lost_before);
      json_.end_object();
    }
    json_.end_array();
    add_host();
  }

  void add_host() {
    json_.begin_array("links");
    for (const LinkCounters& now : now_.host.links) {
      const LinkCounters before =
          find_in(before_.host.links, [&](const LinkCounters& one) { return one.interface == now.interface; });
      json_.begin_object().text("interface", now.interface);
      counter("rx_packets", before.rx_packets, now.rx_packets);
      counter("rx_bytes", before.rx_bytes, now.rx_bytes);
      counter("tx_packets", before.tx_packets, now.tx_packets);
      counter("tx_bytes", before.tx_bytes, now.tx_bytes);
      counter("rx_dropped", before.rx_dropped, now.rx_dropped);
      counter("rx_missed", before.rx_missed, now.rx_missed);
      counter("rx_no_buffer", before.rx_no_buffer, now.rx_no_buffer);
      json_.end_object();
    }
    json_.end_array();
    if (now_.host.softnet)
      counter("softnet_dropped", before_.host.softnet.value_or(0), *now_.host.softnet);
    else
      json_.null("softnet_dropped");
  }

  void add_lanes() {
    json_.begin_array("lanes");
    for (std::size_t lane = 0; lane < now_.workers.size(); ++lane) {
      const WorkerStatus before = at(before_.workers, lane);
      const WorkerStatus& now = now_.workers[lane];
      json_.begin_object().number("lane", lane);
      counter("packets", before.flows.packets, now.flows.packets);
      counter("bytes", before.flows.bytes, now.flows.bytes);
      counter("rows", before.rows, now.rows);
      json_.number("flows_active", now.open_flows);
      if (lane < now_.rings.size())
        json_.number("ring_used_bytes", now_.rings[lane].used_bytes).number("ring_bytes", now_.rings[lane].bytes);
      lag(lag_of(now, now_));
      json_.end_object();
    }
    json_.end_array();
  }

  void add_features() {
    json_.begin_array("features");
    for (std::size_t i = 0; i < now_.counters.size(); ++i) {
      const FeatureCounter& now = now_.counters[i];
      json_.begin_object().text("feature", now.feature).text("counter", now.name).text("unit", unit_name(now.unit));
      counter("value", at(before_.counters, i).value, now.value);
      json_.end_object();
    }
    json_.end_array();
  }

  const RunStatus& before_;
  const RunStatus& now_;
  double interval_;
  JsonText json_{JsonLayout::kOneLine};
};

}  // namespace

std::string stats_line(const StatsMoment& moment) {
  const RunStatus nothing;
  return StatsLine(moment.before == nullptr ? nothing : *moment.before, *moment.now).text(moment);
}

}  // namespace flowgauge
