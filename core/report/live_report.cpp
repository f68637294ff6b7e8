#include "core/report/live_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/base/text.h"

namespace flowgauge {
namespace {

std::string_view end_name(LiveEnd end) {
  switch (end) {
    case LiveEnd::kStopped:
      return "stopped";
    case LiveEnd::kDuration:
      return "duration";
    case LiveEnd::kMaxPackets:
      return "max_packets";
    case LiveEnd::kInterfacesLost:
      return "interfaces_lost";
    case LiveEnd::kDetached:
      return "detached";
    case LiveEnd::kFailed:
      break;
  }
  return "failure";
}

std::uint64_t ignored(const LiveCounters& counters) { return LedgerCounts{.by_reason = counters.by_reason}.ignored(); }

double seconds_of(std::chrono::nanoseconds time) { return std::chrono::duration<double>(time).count(); }

std::uint64_t sum(const std::vector<LiveCounters>& all, std::uint64_t LiveCounters::*number) {
  std::uint64_t total = 0;
  for (const LiveCounters& counters : all) total += counters.*number;
  return total;
}

}  // namespace

LedgerCounts ledger_of(std::span<const LiveCounters> interfaces) {
  LedgerCounts ledger;
  for (const LiveCounters& one : interfaces)
    ledger += LedgerCounts{.frames_read = one.seen, .by_reason = one.by_reason};
  return ledger;
}

std::uint64_t LiveReport::ring_full() const { return sum(counters, &LiveCounters::ring_full); }
std::uint64_t LiveReport::lost_before() const { return sum(counters, &LiveCounters::lost_before); }

bool LiveReport::balances() const {
  return std::ranges::all_of(counters, [](const LiveCounters& one) {
    return one.seen == one.by_reason[PACKET_ACCEPTED] + one.ring_full + ignored(one);
  });
}

std::string counters_text(const LiveCounters& counters) {
  std::vector<std::string> reasons;
  for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason) {
    const std::uint64_t count = counters.by_reason[static_cast<std::size_t>(reason)];
    if (count == 0) continue;
    reasons.push_back(fmt::format("{} {}", reason_name(static_cast<packet_reason>(reason)), with_thousands(count)));
  }
  std::string text = fmt::format("{} {}: {} seen = {} submitted + {} ring-full + {} ignored", counters.interface,
                                 direction_name(counters.direction), with_thousands(counters.seen),
                                 with_thousands(counters.by_reason[PACKET_ACCEPTED]),
                                 with_thousands(counters.ring_full), with_thousands(ignored(counters)));
  if (!reasons.empty()) text += fmt::format(" ({})", join(reasons));
  if (counters.lost_before != 0) text += fmt::format("; {} lost before", with_thousands(counters.lost_before));
  if (counters.blind.count() != 0) text += fmt::format("; blind for {:.2f} s", seconds_of(counters.blind));
  if (counters.super_packets && counters.super_packets->packets != 0) {
    const auto [packets, segments] = *counters.super_packets;
    text += fmt::format("; {} {} for {} on the wire", counted(packets, "super-packet"),
                        packets == 1 ? "stands" : "stand", with_thousands(segments));
  }
  return text;
}

std::string losses_text(const LiveReport& report) {
  const std::uint64_t before = report.lost_before();
  std::string text;
  if (report.ring_full() != 0 || before == 0) text += fmt::format(" + {} lost", with_thousands(report.ring_full()));
  if (before != 0)
    text += fmt::format("; {} lost before {} read", with_thousands(before), before == 1 ? "it was" : "they were");
  return text;
}

std::string loss_text(const LiveReport& report) {
  const std::uint64_t lost = report.ring_full() + report.lost_before();
  if (lost == 0) return {};
  const std::uint64_t all = sum(report.counters, &LiveCounters::seen) + report.lost_before();
  return fmt::format(
      "{} of {} {} lost, because packets came faster than the run could process them. Some flows have too few packets "
      "and bytes; take larger rings (--ring-size), more of them on more cores (--rings), or fewer columns",
      counted(lost, "packet"), with_thousands(all), lost == 1 ? "was" : "were");
}

std::string blind_text(const LiveReport& report) {
  std::vector<std::string> blind;
  for (const LiveCounters& one : report.counters)
    if (one.blind.count() != 0)
      blind.push_back(
          fmt::format("{} {} for {:.2f} s", one.interface, direction_name(one.direction), seconds_of(one.blind)));
  if (blind.empty()) return {};
  return fmt::format(
      "packets of {} were not seen, since somebody detached the kernel program: they are in no row and in no count",
      join(blind));
}

std::string live_text(const LiveReport& report) {
  std::string text = fmt::format("capture  {}\n", report.capture);
  for (const LiveCounters& counters : report.counters) text += fmt::format("wire     {}\n", counters_text(counters));
  return text;
}

void add_live(const LiveReport& report, JsonText& json) {
  json.begin_object("live").text("capture", report.capture).text("ended_by", end_name(report.end));
  json.begin_array("interfaces");
  for (const LiveCounters& counters : report.counters) {
    json.begin_object().text("interface", counters.interface).text("direction", direction_name(counters.direction));
    json.number("seen", counters.seen).number("submitted", counters.by_reason[PACKET_ACCEPTED]);
    json.number("ring_full", counters.ring_full).begin_object("ignored");
    for (int reason = PACKET_ACCEPTED + 1; reason < PACKET_REASON_COUNT; ++reason) {
      const std::uint64_t count = counters.by_reason[static_cast<std::size_t>(reason)];
      if (count != 0) json.number(reason_name(static_cast<packet_reason>(reason)), count);
    }
    json.end_object().number("lost_before", counters.lost_before);
    json.seconds("blind_seconds", seconds_of(counters.blind));
    if (const auto& gso = counters.super_packets) {
      json.number("gso_packets", gso->packets).number("gso_segments", gso->segments);
    } else {
      json.null("gso_packets").null("gso_segments");
    }
    json.end_object();
  }
  json.end_array().boolean("balances", report.balances()).end_object();
}

}  // namespace flowgauge
