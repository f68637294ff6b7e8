#include "core/live/ebpf/ring_lane.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <limits>
#include <optional>
#include <utility>

#include "core/base/floor_divide.h"
#include "core/base/nanoseconds.h"
#include "core/live/live_source.h"

namespace flowgauge {
namespace {

// Of a size that the compiler knows: the copy is then a few vector moves.
void copy_event(packet_event& event, const std::byte* record, std::uint32_t event_bytes) {
  switch (event_bytes) {
    case PACKET_EVENT_CORE_BYTES:
      std::memcpy(&event, record, PACKET_EVENT_CORE_BYTES);
      break;
    case PACKET_EVENT_OUTER_BYTES:
      std::memcpy(&event, record, PACKET_EVENT_OUTER_BYTES);
      break;
    default:
      std::memcpy(&event, record, sizeof event);
  }
}

}  // namespace

// At a million events each second a nap fills a third of the ring at most.
RingLane::Nap::Nap(std::uint64_t ring_events)
    : longest_idle_(std::clamp(static_cast<std::int64_t>(ring_events) * 333, kLongest, kLongestIdle)) {}

void RingLane::Nap::take() {
  const timespec duration{ns_ / kNsPerSecond, ns_ % kNsPerSecond};
  ::clock_nanosleep(CLOCK_MONOTONIC, 0, &duration, nullptr);  // a signal may end it early: it is no deadline
}

void RingLane::Nap::adapt(std::size_t events) {
  idle_naps_ = events == 0 ? std::min(idle_naps_ + 1, kIdleNaps) : 0;
  if (idle_naps_ == kIdleNaps) {
    ns_ = std::min(longest_idle_, ns_ * 2);
    return;
  }
  ns_ = std::min(ns_, kLongest);
  if (events > kGoodCatch) ns_ = std::max(kShortest, ns_ / 2);
  if (events < kGoodCatch / 4) ns_ = std::min(kLongest, ns_ * 2);
}

RingLane::RingLane(RingReader reader, RingLaneOptions options)
    : reader_(std::move(reader)),
      options_(options),
      nap_(reader_.ring_bytes() / (RingReader::kHeaderBytes + options.event_bytes)),
      clock_(options.clock, sample_clocks(options.clock)),
      fragments_(options.fragment_scope),
      fragment_clock_ns_(std::numeric_limits<std::int64_t>::min()) {}

SourceState RingLane::read(EventBlock& block) {
  block.begin();
  is_at_rest_.store(false, std::memory_order_relaxed);
  const std::int64_t deadline_ns = boot_time_ns() + kLiveWaitNs;
  bool is_last = false;
  for (;;) {
    if (ran_dry_ && !is_last) {
      wait_for_events();
      nap_.adapt(std::exchange(caught_, 0));
    }
    const bool stopped = stopped_.load(std::memory_order_acquire);  // before the look: nothing comes after it
    ran_dry_ = drain(block);
    is_last = stopped && ran_dry_;
    caught_ += block.events.size();
    if (is_last || !block.events.empty() || block.step_ns != 0 || boot_time_ns() >= deadline_ns) break;
  }
  block.ring_drops = ring_drops_;
  return is_last ? SourceState::kEnd : SourceState::kMore;
}

// Flows end at whole seconds of the lane's clock: only for these it wakes up.
void RingLane::wait_for_events() {
  if (idle_lanes_ == nullptr || !nap_.is_idle()) return nap_.take();
  is_at_rest_.store(true, std::memory_order_relaxed);
  std::optional<std::chrono::nanoseconds> longest;
  if (clock_wanted_ == ClockWanted::kYes) {
    const std::int64_t clock_ns = clock_.wall_of_boot_ns(boot_time_ns()) - kLiveClockLagNs;
    longest = std::chrono::nanoseconds((floor_divide(clock_ns, kNsPerSecond) + 1) * kNsPerSecond - clock_ns);
  }
  if (!idle_lanes_->sleep(number_, longest)) nap_.take();
}

// True: the ring was found empty.
bool RingLane::drain(EventBlock& block) {
  const std::int64_t before_ns = boot_time_ns();
  const std::uint64_t end = reader_.end();
  // All that lies before `end` was stamped before this: a step of the clock among the stamps is seen.
  block.step_ns = clock_.update(sample_clocks(options_.clock));
  if (block.step_ns != 0) {
    fragments_.shift(block.step_ns);
    if (fragment_clock_ns_ != std::numeric_limits<std::int64_t>::min()) fragment_clock_ns_ += block.step_ns;
  }
  const std::uint64_t fit = reader_.bytes_until(end) / (RingReader::kHeaderBytes + options_.event_bytes);
  block.make_room(std::min<std::uint64_t>(fit, kBlockEvents));
  std::size_t count = 0;
  const bool all = reader_.read(end, block.events.size(), [&](const std::byte* record, std::uint32_t bytes) {
    const std::uint64_t drops = drops_before(record, bytes);
    if (count > 0 && drops != ring_drops_) return RingReader::Record::kLeft;
    ring_drops_ = drops;
    add(block, count++, record, bytes);
    return RingReader::Record::kTaken;
  });
  block.cut(count);
  if (all) block.clock_ns = clock_.wall_of_boot_ns(before_ns) - kLiveClockLagNs;
  return all;
}

// Never fewer than before: of two CPUs the one that counted first may submit last.
std::uint64_t RingLane::drops_before(const std::byte* record, std::uint32_t bytes) const {
  if (bytes <= options_.event_bytes) return ring_drops_;
  std::uint64_t drops = 0;
  std::memcpy(&drops, record + options_.event_bytes, sizeof drops);
  return std::max(drops, ring_drops_);
}

void RingLane::add(EventBlock& block, std::size_t index, const std::byte* record, std::uint32_t bytes) {
  packet_event& event = block.events[index];
  copy_event(event, record, options_.event_bytes);
  event.timestamp_ns = clock_.wall_ns(event.timestamp_ns);
  fragment_clock_ns_ = std::max(fragment_clock_ns_, event.timestamp_ns);
  fragments_.join(event, fragment_clock_ns_);
  if (options_.bytes.any()) {
    add_bytes(block, event, record, bytes);
  } else {
    event.payload_captured_bytes = 0;
  }
  block.add_frame(frames_++, event);
}

void RingLane::add_bytes(EventBlock& block, packet_event& event, const std::byte* record, std::uint32_t bytes) const {
  constexpr std::uint32_t kBefore = sizeof event + sizeof(std::uint64_t);
  const std::uint32_t count = std::min(event.payload_captured_bytes, bytes - kBefore);
  block.add_bytes(reinterpret_cast<const std::uint8_t*>(record + kBefore), count, event);
}

}  // namespace flowgauge
