#include "core/live/ebpf/idle_lanes.h"

#include <cstdlib>
#include <system_error>
#include <utility>

#include "core/live/live_clock.h"

namespace flowgauge {
namespace {

std::int64_t wall_minus_boot_ns() { return sample_clocks(CaptureClock::kBoottime).real_minus_boot_ns; }

}  // namespace

IdleLanes::IdleLanes(std::size_t lanes, std::chrono::nanoseconds look_every,
                     std::function<bool(std::size_t lane)> has_events)
    : look_every_(look_every), has_events_(std::move(has_events)), lanes_(lanes) {}

IdleLanes::~IdleLanes() {
  stop();
  if (thread_.joinable()) thread_.join();
}

void IdleLanes::stop() noexcept {
  const std::scoped_lock lock(mutex_);
  is_stopped_ = true;
  for (Lane& lane : lanes_) wake(lane);
  begins_.notify_one();
}

void IdleLanes::wake(Lane& lane) {
  if (!std::exchange(lane.sleeps, false)) return;
  --sleeping_;
  lane.wakes.notify_one();
}

bool IdleLanes::start() {
  if (thread_.joinable()) return true;
  try {
    thread_ = std::thread([this] { look(); });
  } catch (const std::system_error&) {
    return false;
  }
  return true;
}

bool IdleLanes::sleep(std::size_t lane, std::optional<std::chrono::nanoseconds> longest) {
  std::unique_lock lock(mutex_);
  if (is_stopped_) return true;
  if (!start()) return false;
  Lane& own = lanes_[lane];
  own.sleeps = true;
  if (++sleeping_ == 1) begins_.notify_one();
  const auto is_awake = [&own] { return !own.sleeps; };
  if (!longest)
    own.wakes.wait(lock, is_awake);
  else if (!own.wakes.wait_for(lock, *longest, is_awake))
    wake(own);
  return true;
}

// The lanes find out for themselves by how much the wall clock was set.
void IdleLanes::look() {
  std::int64_t offset_ns = wall_minus_boot_ns();
  std::unique_lock lock(mutex_);
  while (!is_stopped_) {
    if (sleeping_ == 0) {
      begins_.wait(lock);
      continue;
    }
    lock.unlock();
    std::this_thread::sleep_for(look_every_);
    lock.lock();
    const bool is_set = std::llabs(wall_minus_boot_ns() - offset_ns) > kClockStepNs;
    if (is_set) offset_ns = wall_minus_boot_ns();
    for (std::size_t lane = 0; lane < lanes_.size(); ++lane)
      if (lanes_[lane].sleeps && (is_set || has_events_(lane))) wake(lanes_[lane]);
  }
}

}  // namespace flowgauge
