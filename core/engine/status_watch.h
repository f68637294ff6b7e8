// Tells an observer at a steady pace what a run does, from a thread of its own: also while the run waits for its input,
// or for whoever reads an output.
#pragma once

#include <memory>
#include <span>

#include "core/engine/status_feed.h"
#include "core/engine/watch_thread.h"

namespace flowgauge {

class StatusWatch {
 public:
  // What it is given outlives it; see StatusFeed. Starts nothing where nobody watches steadily. Where no thread can be
  // started, the observer is told once, at the end.
  StatusWatch(const Observer& observer, std::span<const std::unique_ptr<Shard>> shards, const OutputSet& outputs,
              StatusFeed::DescribeSource describe_source, StatusFeed::TimePoint start);
  StatusWatch(const StatusWatch&) = delete;
  StatusWatch& operator=(const StatusWatch&) = delete;
  ~StatusWatch() = default;

  // Once, when the last row is written, on the calling thread.
  void tell_end();

 private:
  Observer steady_;  // whose `status` is the steady one
  StatusFeed feed_;
  WatchThread thread_;
};

}  // namespace flowgauge
