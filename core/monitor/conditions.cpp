#include "core/monitor/conditions.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <numeric>
#include <utility>

#include "core/base/text.h"
#include "core/engine/output_place.h"
#include "core/flow/flow_record.h"
#include "core/text/iso_time.h"

namespace flowgauge {
namespace {

using std::chrono::milliseconds;
using std::chrono::nanoseconds;
using std::chrono::seconds;

constexpr seconds kQuiet{5};       // after the last loss it is over
constexpr seconds kLevelAfter{1};  // a level that is too high for a moment is no matter
constexpr seconds kLevelQuiet{2};
constexpr double kAllOfTheTime = 0.9;  // of it spent in writing: the output is what the run waits for
constexpr double kLagSeconds = 1;      // it is some 0.1 s where nothing is late
constexpr double kLagOverSeconds = 0.5;

constexpr std::string_view kNotInRows = "they are in no row";

double seconds_of(nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t lost_in_rings(const RunStatus& status) {
  return std::transform_reduce(status.interfaces.begin(), status.interfaces.end(), std::uint64_t{0}, std::plus<>(),
                               [](const LiveCounters& one) { return one.ring_full + one.lost_before; });
}

std::string since(const Episode& episode) { return "since " + iso_time(episode.began().time_ns); }

std::string span_of(const Episode& episode) {
  return fmt::format("from {} to {}", iso_time(episode.began().time_ns), iso_time(episode.last_bad().time_ns));
}

std::string path_of(const RunStatus& status, std::size_t output) {
  if (output >= status.outputs.size()) return "an output";
  return shown_place(status.outputs[output].path);
}

}  // namespace

// "WHAT since 2026-08-03T20:46:40.002Z: 12 packets RESULT so far; ADVICE"
struct RunConditions::Wording {
  std::string what;
  std::string_view noun;
  std::string_view result;
  std::string advice;
};

RunConditions::RunConditions()
    : ring_full_{Episode(nanoseconds(0), kQuiet)},
      softnet_{Episode(nanoseconds(0), kQuiet)},
      evictions_{Episode(nanoseconds(0), kQuiet)},
      output_{Episode(kLevelAfter, kLevelQuiet)},
      lag_{Episode(kLevelAfter, kLevelQuiet)} {}

std::vector<std::string> RunConditions::look(const RunStatus& status) { return look(status, Look::kNext); }
std::vector<std::string> RunConditions::finish(const RunStatus& last) { return look(last, Look::kLast); }

std::vector<std::string> RunConditions::look(const RunStatus& status, Look which) {
  const Moment now{status.elapsed, status.time_ns};
  std::vector<std::string> said;
  look_at_output(status, now, which, said);  // first: it is the cause of others
  look_at_lag(status, now, which, said);
  look_at(ring_full_, lost_in_rings(status), now, which,
          {.what = "packets find no room in their ring",
           .noun = "packet",
           .result = "lost",
           .advice = output_waits_ || output_.episode.is_active()
                         ? "the outputs are not written as fast as rows are made"
                         : "take larger rings (--ring-size), more of them on more cores (--rings), or fewer columns"},
          said);
  look_at_links(status, now, which, said);
  look_at(
      softnet_, status.host.softnet.value_or(softnet_.last), now, which,
      {.what = "the kernel has no room for packets that come in (softnet)",
       .noun = "packet",
       .result = "dropped on all interfaces together",
       .advice = fmt::format("{}; raise net.core.netdev_max_backlog, or spread packets over more cores", kNotInRows)},
      said);
  look_at(evictions_, status.total().flows.ended[static_cast<std::size_t>(EndReason::kLackOfResources)], now, which,
          {.what = "the flow table is full",
           .noun = "flow",
           .result = "ended early",
           .advice = "raise flow.max_flows (--max-flows), or lower the timeouts"},
          said);
  look_at_sinks(status, now, which, said);
  last_ = now;
  last_writing_ = status.lag.writing;
  return said;
}

void RunConditions::look_at(Counted& counted, std::uint64_t count, Moment now, Look which, const Wording& wording,
                            std::vector<std::string>& said) {
  const std::uint64_t last = counted.last;
  counted.last = std::max(last, count);
  if (!counted.episode.is_active()) counted.before = last;
  const auto so_far = [&](const std::string& when, std::string_view until_now) {
    std::string text =
        fmt::format("{} {}: {} {}{}", wording.what, when,
                    flowgauge::counted(counted.last - counted.before, wording.noun), wording.result, until_now);
    if (!wording.advice.empty()) text += "; " + wording.advice;
    return text;
  };
  const Episode::Change change = counted.episode.look(counted.last > last, now);
  const bool is_over = change == Episode::Change::kEnded ||
                       (which == Look::kLast && counted.episode.finish() == Episode::Change::kEnded);
  if (is_over)
    said.push_back(so_far(span_of(counted.episode), ""));
  else if (change != Episode::Change::kNone)
    said.push_back(so_far(since(counted.episode), " so far"));
}

void RunConditions::look_at_links(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said) {
  for (const LinkCounters& counters : status.host.links) {
    const auto found = links_.try_emplace(counters.interface, Link{{Episode(nanoseconds(0), kQuiet)}}).first;
    Link& link = found->second;
    const std::uint64_t lost = lost_on_link(counters, status, link.excess);
    look_at(link.drops, lost, now, which,
            {.what = fmt::format("the network card, its driver or the kernel drops packets of {}", counters.interface),
             .noun = "packet",
             .result = "dropped",
             .advice = fmt::format("{}; 'ethtool -S {}' says where, 'ethtool -G' gives the card more room", kNotInRows,
                                   counters.interface)},
            said);
  }
}

// Of files nothing is lost by an output that is slow: the run takes longer.
void RunConditions::look_at_output(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said) {
  if (status.interfaces.empty()) return;
  const double passed = seconds_of(now.elapsed - last_.elapsed);
  const double share = passed > 0 ? seconds_of(status.lag.writing - last_writing_) / passed : 0;
  // Rows that wait in a buffer of the output count as taken: then the write itself tells that it is stuck.
  const bool is_stuck = status.lag.in_write >= kLevelAfter;
  output_waits_ =
      share >= kAllOfTheTime && (status.lag.rows > 0 || is_stuck) && status.phase != RunStatus::Phase::kDone;
  if (output_waits_ && !output_.episode.is_active()) slow_path_ = path_of(status, status.lag.written_output);
  if (!output_.episode.is_active() && !output_waits_) output_.worst = 0;
  if (output_waits_) output_.worst = std::max(output_.worst, static_cast<double>(status.lag.rows));
  const Episode::Change change = output_.episode.look(output_waits_, now);
  const std::string rows = counted(static_cast<std::uint64_t>(output_.worst), "row");
  if (change == Episode::Change::kEnded ||
      (which == Look::kLast && output_.episode.finish() == Episode::Change::kEnded)) {
    said.push_back(
        fmt::format("{} took rows too slowly {}: at most {} waited", slow_path_, span_of(output_.episode), rows));
  } else if (change != Episode::Change::kNone) {
    said.push_back(
        fmt::format("{} takes rows too slowly {}: {} made and not written; is its reader, disk or network too "
                    "slow? Packets are lost when the rings are full",
                    slow_path_, since(output_.episode), rows));
  }
}

// Where the outputs are what the lanes wait for, that was said.
void RunConditions::look_at_lag(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said) {
  double worst = 0;
  std::size_t slowest = 0;
  for (std::size_t lane = 0; lane < status.workers.size(); ++lane) {
    const auto lag = lag_of(status.workers[lane], status);
    if (!lag || seconds_of(*lag) <= worst) continue;
    worst = seconds_of(*lag);
    slowest = lane;
  }
  const double limit = lag_.episode.is_active() ? kLagOverSeconds : kLagSeconds;
  const bool is_behind =
      worst >= limit && !output_waits_ && !output_.episode.is_active() && status.phase != RunStatus::Phase::kDone;
  if (!lag_.episode.is_active() && !is_behind) lag_.worst = 0;
  if (is_behind) lag_.worst = std::max(lag_.worst, worst);
  const Episode::Change change = lag_.episode.look(is_behind, now);
  if (change == Episode::Change::kEnded || (which == Look::kLast && lag_.episode.finish() == Episode::Change::kEnded)) {
    said.push_back(
        fmt::format("the run was behind the traffic {}: at most {:.1f} s", span_of(lag_.episode), lag_.worst));
  } else if (change != Episode::Change::kNone) {
    said.push_back(
        fmt::format("the run is behind the traffic {}: lane {} by {:.1f} s, since its worker is too slow; take "
                    "more rings on more cores (--rings), or fewer columns",
                    since(lag_.episode), slowest, worst));
  }
}

// What began and ended between two looks was wrong all the same. Of a run that follows another one, with outputs of its
// own, a condition may be there no more: it is over.
void RunConditions::look_at_sinks(const RunStatus& status, Moment now, Look which, std::vector<std::string>& said) {
  for (std::size_t output = 0; output < status.outputs.size(); ++output)
    for (const SinkCondition& one : status.outputs[output].conditions) {
      const auto place = told_.try_emplace({output, one.name}, Told{.episode = Episode(nanoseconds(0), kLevelQuiet)});
      Told& told = place.first->second;
      told.is_bad = std::exchange(told.times, one.times) != one.times || one.holds;
      told.text = one.text;
    }
  for (auto& [place, told] : told_) {
    const Episode::Change change = told.episode.look(std::exchange(told.is_bad, false), now);
    const bool is_over =
        change == Episode::Change::kEnded || (which == Look::kLast && told.episode.finish() == Episode::Change::kEnded);
    if (is_over || change != Episode::Change::kNone)
      said.push_back(fmt::format("{} {}: {}", path_of(status, place.first),
                                 is_over ? span_of(told.episode) : since(told.episode), told.text));
  }
}

const std::vector<std::string_view>& RunConditions::names() {
  static const std::vector<std::string_view> kNames = {"ring_full",   "nic_drops", "softnet_drops", "evictions",
                                                       "slow_output", "lag",       "sink"};
  return kNames;
}

std::vector<std::string_view> RunConditions::active() const {
  const bool has_nic_drops =
      std::ranges::any_of(links_, [](const auto& link) { return link.second.drops.episode.is_active(); });
  const bool has_told = std::ranges::any_of(told_, [](const auto& one) { return one.second.episode.is_active(); });
  const bool are_active[] = {ring_full_.episode.is_active(),
                             has_nic_drops,
                             softnet_.episode.is_active(),
                             evictions_.episode.is_active(),
                             output_.episode.is_active(),
                             lag_.episode.is_active(),
                             has_told};
  std::vector<std::string_view> active;
  for (std::size_t i = 0; i < names().size(); ++i)
    if (are_active[i]) active.push_back(names()[i]);
  return active;
}

std::uint64_t lost_on_link(const LinkCounters& link, const RunStatus& status, std::uint64_t& excess) {
  std::uint64_t ignored = 0;
  bool is_known = false;  // libpcap's filter hides frames
  for (const LiveCounters& counters : status.interfaces) {
    if (counters.interface != link.interface || counters.direction != TrafficDirection::kIngress) continue;
    ignored += LedgerCounts{.by_reason = counters.by_reason}.ignored();
    is_known = true;
  }
  if (is_known && link.rx_dropped > ignored) excess = std::max(excess, link.rx_dropped - ignored);
  return link.rx_missed + link.rx_no_buffer + excess;
}

std::optional<nanoseconds> lag_of(const WorkerStatus& worker, const RunStatus& status) {
  if (status.interfaces.empty() || worker.clock_ns == kNoClock) return std::nullopt;
  return nanoseconds(status.time_ns - worker.clock_ns);
}

}  // namespace flowgauge
