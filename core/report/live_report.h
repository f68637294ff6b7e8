// What a live run has seen and lost, by interface and direction: for its report and for the lines in between.
#pragma once

#include <span>
#include <string>
#include <vector>

#include "core/live/live_source.h"
#include "core/text/json_text.h"

namespace flowgauge {

enum class LiveEnd {
  kStopped,
  kDuration,
  kMaxPackets,
  kInterfacesLost,
  kDetached,
  kFailed
};  // kFailed: a plugin, an output

struct LiveReport {
  std::string capture;  // how packets were taken
  LiveEnd end = LiveEnd::kStopped;
  std::vector<LiveCounters> counters;
  std::uint64_t mapped_twice_bytes = 0;  // that the peak of memory has twice

  [[nodiscard]] std::uint64_t ring_full() const;
  [[nodiscard]] std::uint64_t lost_before() const;
  // Of every interface and direction: seen = submitted + ring-full + ignored.
  [[nodiscard]] bool balances() const;
};

// The account of all interfaces together: frames_read is what was seen.
[[nodiscard]] LedgerCounts ledger_of(std::span<const LiveCounters> interfaces);

// "eth0 ingress: 12,345 seen = 12,000 submitted + 0 ring-full + 345 ignored (not_ip 345)"; more only where there is
// more.
[[nodiscard]] std::string counters_text(const LiveCounters& counters);

// What was lost and what to do about it; empty if nothing was.
[[nodiscard]] std::string loss_text(const LiveReport& report);

// " + 2 lost" of what was read; "; 7 lost before they were read". " + 0 lost" only where nothing was lost at all.
[[nodiscard]] std::string losses_text(const LiveReport& report);

// Which interfaces nobody watched for a while; empty if all were watched.
[[nodiscard]] std::string blind_text(const LiveReport& report);

// Two or more lines for the text report.
[[nodiscard]] std::string live_text(const LiveReport& report);
void add_live(const LiveReport& report, JsonText& json);

}  // namespace flowgauge
