#include "core/engine/limit_watch.h"

#include <algorithm>
#include <utility>

namespace flowgauge {
namespace {

constexpr std::chrono::milliseconds kBetweenLooks{500};  // at packets; the run's own thread is quicker where it can

bool has_duration(const LiveLimits& limits) { return limits.duration > std::chrono::nanoseconds(0); }

}  // namespace

LimitWatch::LimitWatch(const LiveLimits& limits, TimePoint start, std::function<std::uint64_t()> packets,
                       StopRequest& ending)
    : limits_(limits), start_(start), packets_(std::move(packets)), ending_(ending) {
  if (!has_duration(limits_) && limits_.max_packets == 0) return;
  thread_.start("watches the limits of the run", [this]() -> std::optional<TimePoint> {
    if (!reached(std::chrono::steady_clock::now())) return next_look();
    ending_.request();
    return std::nullopt;
  });
}

std::optional<LiveEnd> LimitWatch::reached(TimePoint now) const {
  if (has_duration(limits_) && now - start_ >= limits_.duration) return LiveEnd::kDuration;
  if (limits_.max_packets != 0 && packets_() >= limits_.max_packets) return LiveEnd::kMaxPackets;
  return std::nullopt;
}

LimitWatch::TimePoint LimitWatch::next_look() const {
  const TimePoint next = std::chrono::steady_clock::now() + kBetweenLooks;
  if (!has_duration(limits_)) return next;
  const TimePoint end = start_ + std::chrono::ceil<TimePoint::duration>(limits_.duration);
  return limits_.max_packets == 0 ? end : std::min(end, next);
}

}  // namespace flowgauge
