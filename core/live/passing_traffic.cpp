#include "core/live/passing_traffic.h"

#include <chrono>

#include "core/base/log.h"
#include "core/base/text.h"
#include "core/base/utc_text.h"

namespace flowgauge {
namespace {

// Fewer packets, or looks that found some, may lie between two readings.
constexpr std::uint64_t kEnoughPackets = 10;
constexpr int kEnoughLooks = 3;

}  // namespace

void PassingTraffic::compare(std::span<const LiveCounters> seen,
                             const std::map<std::string, InterfaceTraffic>& counted) {
  for (const LiveCounters& one : seen) {
    const auto found = counted.find(one.interface);
    if (found == counted.end()) continue;
    const auto [received, sent] = found->second;
    compare(one, one.direction == TrafficDirection::kIngress  ? received
                 : one.direction == TrafficDirection::kEgress ? sent
                                                              : received + sent);
  }
}

void PassingTraffic::compare(const LiveCounters& seen, std::uint64_t counted) {
  Side& side = sides_[{seen.interface, seen.direction}];
  const std::uint64_t frames = seen.seen + seen.lost_before;
  const bool sees = !side.is_known || frames != side.seen || counted < side.counted;
  const std::uint64_t passed = sees ? 0 : counted - side.counted;
  side.is_known = true;
  side.seen = frames;
  side.counted = counted;
  if (sees) {
    side.unseen = 0;
    side.looks = 0;
    side.is_said = false;
  }
  if (passed == 0) return;
  side.unseen += passed;
  ++side.looks;
  if (side.is_said || side.unseen < kEnoughPackets || side.looks < kEnoughLooks) return;
  side.is_said = true;
  log_warning(
      "interface {} {}: it has counted {} of which none was seen, at {}; an XDP program or another program of tc may "
      "take them before ('flowgauge doctor {}' names those there are)",
      seen.interface, direction_name(seen.direction), flowgauge::counted(side.unseen, "packet"),
      utc_text(std::chrono::system_clock::now()), seen.interface);
}

}  // namespace flowgauge
