#include "core/monitor/episode.h"

#include <algorithm>

namespace flowgauge {
namespace {

constexpr std::chrono::seconds kSoon{60};
constexpr std::chrono::seconds kLongestQuiet{160};
constexpr std::chrono::seconds kFirstReminder{60};
constexpr std::chrono::seconds kNextReminder{600};

}  // namespace

Episode::Change Episode::look(bool is_bad, Moment now) {
  if (!is_bad) {
    is_bad_ = false;
    return is_active_ && now.elapsed - last_bad_.elapsed >= quiet_ ? end() : Change::kNone;
  }
  const Moment last_bad = last_bad_;
  last_bad_ = now;
  if (is_active_) {
    if (now.elapsed < reminder_) return Change::kNone;
    reminder_ = now.elapsed + kNextReminder;
    return Change::kGoesOn;
  }
  if (!is_bad_) {
    const bool is_soon = has_been_ && now.elapsed - last_bad.elapsed < quiet_ + kSoon;
    quiet_ = is_soon ? std::min<Duration>(2 * quiet_, kLongestQuiet) : shortest_quiet_;
    began_ = now;
    is_bad_ = true;
  }
  if (now.elapsed - began_.elapsed < begin_after_) return Change::kNone;
  is_active_ = true;
  reminder_ = now.elapsed + kFirstReminder;
  return Change::kBegan;
}

Episode::Change Episode::finish() { return is_active_ ? end() : Change::kNone; }

Episode::Change Episode::end() {
  is_active_ = false;
  is_bad_ = false;
  has_been_ = true;
  return Change::kEnded;
}

}  // namespace flowgauge
