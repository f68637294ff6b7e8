// Gathers what a run has done from the counters that its threads publish, and tells the observer as often as it wishes.
// On the calling thread of a run alone.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <utility>

#include "core/engine/observer.h"
#include "core/engine/output_set.h"
#include "core/engine/recurring.h"
#include "core/engine/run_status.h"
#include "core/engine/shard.h"

namespace flowgauge {

class StatusFeed {
 public:
  using TimePoint = Recurring::Clock::time_point;
  // Says what the source of packets knows: the ledger, and files or interfaces.
  using DescribeSource = std::function<void(RunStatus&)>;
  enum class First { kAtOnce, kAfterOnePeriod };

  // What it is given outlives it.
  StatusFeed(const Observer& observer, std::span<const std::unique_ptr<Shard>> shards, const OutputSet& outputs,
             DescribeSource describe_source, TimePoint start, First first)
      : observer_(observer),
        shards_(shards),
        outputs_(outputs),
        describe_source_(std::move(describe_source)),
        start_(start),
        due_(observer.every, first == First::kAtOnce ? start : start + observer.every) {
    if (observer.status && observer.traffic == Observer::TrafficWanted::kYes)
      for (const auto& shard : shards) shard->watch_traffic();
  }

  // Costs next to nothing where nobody watches.
  void tell() {
    if (observer_.status) tell(RunStatus::Phase::kRunning, Recurring::Clock::now());
  }
  // The same, where the time is known.
  void tell(RunStatus::Phase phase, TimePoint now) {
    if (observer_.status && due_.is_due(now)) observer_.status(gather(phase, now));
  }
  // At this moment, whoever watches.
  [[nodiscard]] RunStatus status() const { return gather(RunStatus::Phase::kRunning, Recurring::Clock::now()); }
  // Once, when the last row is written.
  void tell_end() {
    if (observer_.status) observer_.status(gather(RunStatus::Phase::kDone, Recurring::Clock::now()));
  }

 private:
  [[nodiscard]] RunStatus gather(RunStatus::Phase phase, TimePoint now) const;

  const Observer& observer_;
  std::span<const std::unique_ptr<Shard>> shards_;
  const OutputSet& outputs_;
  DescribeSource describe_source_;
  TimePoint start_;
  Recurring due_;
};

}  // namespace flowgauge
