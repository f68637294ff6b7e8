#include "core/flow/timer_wheel.h"

#include <algorithm>

namespace flowgauge {

void TimerWheel::arm(std::uint32_t record, std::int64_t second, std::int64_t now) {
  if (record >= links_.size()) links_.resize(std::max<std::size_t>(record + 1, links_.size() * 2));
  disarm(record);
  const std::uint32_t bucket = bucket_of(std::clamp(second, now + 1, now + kSeconds - 1));
  Link& link = links_[record];
  link = {kNone, heads_[bucket], bucket};
  if (link.next != kNone) links_[link.next].previous = record;
  heads_[bucket] = record;
}

void TimerWheel::disarm(std::uint32_t record) {
  if (record >= links_.size() || links_[record].bucket == kNone) return;
  Link& link = links_[record];
  (link.previous == kNone ? heads_[link.bucket] : links_[link.previous].next) = link.next;
  if (link.next != kNone) links_[link.next].previous = link.previous;
  link = {};
}

void TimerWheel::take_bucket(std::uint32_t bucket) {
  for (std::uint32_t record = heads_[bucket]; record != kNone;) {
    taken_.push_back(record);
    const std::uint32_t next = links_[record].next;
    links_[record] = {};
    record = next;
  }
  heads_[bucket] = kNone;
}

}  // namespace flowgauge
