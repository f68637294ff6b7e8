#include "core/engine/live_pipeline.h"

#include <algorithm>
#include <atomic>
#include <thread>
#include <utility>

#include "core/base/crash_stack.h"
#include "core/base/log.h"
#include "core/engine/bounded_queue.h"

namespace flowgauge {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kLongestWait{50};  // for rows, between two looks at everything else
constexpr std::chrono::milliseconds kFlushEvery{500};
constexpr std::chrono::milliseconds kProgressEvery{200};
constexpr std::chrono::seconds kInterfacesEvery{1};
constexpr std::size_t kRowsAheadPerLane = 4;

struct LaneOutput {
  ShardRows rows;
  bool is_end = false;
};

// Written by the lane's thread, read by the calling one.
struct alignas(64) LaneProgress {
  std::atomic<std::uint64_t> packets{0};
  std::atomic<std::uint64_t> open_flows{0};
};

// One lane from its first packet to the last flow. Rows that come to nothing are not sent.
class LiveLane {
 public:
  LiveLane(LiveSource& source, std::uint32_t lane, Shard& shard, BoundedQueue<LaneOutput>& rows,
           BoundedQueue<ShardRows>& used_rows, LaneProgress& progress, std::atomic<bool>& failed)
      : source_(source),
        lane_(lane),
        shard_(shard),
        rows_(rows),
        used_rows_(used_rows),
        progress_(progress),
        failed_(failed) {}

  void run() {
    const Shard::RowsReady send = [this](ShardRows& rows, Shard::Portion) {
      if (rows.order.empty()) return;
      rows_.push({.rows = std::exchange(rows, used_rows_.try_pop().value_or(ShardRows{}))});
    };
    EventBlock block;
    for (bool more = true; more;) {
      more = source_.read(lane_, block) == SourceState::kMore;
      shard_.process(block, send);
      if (shard_.error()) failed_.store(true, std::memory_order_relaxed);
      progress_.packets.fetch_add(block.events.size(), std::memory_order_relaxed);
      progress_.open_flows.store(shard_.open_flows(), std::memory_order_relaxed);
    }
    shard_.drain(send);
    rows_.push({.rows = {}, .is_end = true});
  }

 private:
  LiveSource& source_;
  std::uint32_t lane_;
  Shard& shard_;
  BoundedQueue<LaneOutput>& rows_;
  BoundedQueue<ShardRows>& used_rows_;
  LaneProgress& progress_;
  std::atomic<bool>& failed_;
};

// Something that is done again and again.
class Recurring {
 public:
  Recurring(std::chrono::nanoseconds every, Clock::time_point start) : every_(every), next_(start + every) {}
  // 0: never.
  bool is_due(Clock::time_point now) {
    if (every_ <= std::chrono::nanoseconds(0) || now < next_) return false;
    next_ = std::max(next_ + every_, now);
    return true;
  }

 private:
  std::chrono::nanoseconds every_;
  Clock::time_point next_;
};

// The calling thread's part.
class LiveRun {
 public:
  LiveRun(LiveSource& source, std::span<const std::unique_ptr<Shard>> shards, OutputSet& outputs,
          const StopRequest& stop, const LiveLimits& limits, const LiveHooks& hooks)
      : source_(source),
        shards_(shards),
        outputs_(outputs),
        stop_(stop),
        limits_(limits),
        hooks_(hooks),
        rows_(kRowsAheadPerLane * shards.size()),
        used_rows_((kRowsAheadPerLane + 3) * shards.size()),
        progress_(shards.size()) {}

  LiveEnd run() {
    outputs_.flush(FlushReach::kAll);  // who reads a pipe of CSV expects its header before there is a row
    std::vector<std::jthread> threads;
    for (std::uint32_t lane = 0; lane < shards_.size(); ++lane)
      threads.emplace_back([this, lane, log = bound_log()] {
        const LogScope scope(log);
        const CrashStack crash_stack;
        LiveLane(source_, lane, *shards_[lane], rows_, used_rows_, progress_[lane], any_failed_).run();
      });
    for (std::size_t open = shards_.size(); open > 0;) {
      std::optional<LaneOutput> output = rows_.pop_within(kLongestWait);
      if (output) {
        write(output->rows);
        used_rows_.offer(std::move(output->rows));
        if (output->is_end) --open;
      }
      look_around();
    }
    if (end_) return *end_;
    // Nobody stopped the lanes: there is nothing left that could bring a packet.
    if (hooks_.all_interfaces_lost) (void)hooks_.all_interfaces_lost();
    return LiveEnd::kInterfacesLost;
  }

 private:
  void write(const ShardRows& rows) {
    if (rows.order.empty() || outputs_.state() != OutputState::kOpen) return;
    const ShardRun all{&rows, 0, rows.order.size()};
    outputs_.write({&all, 1});
    rows_written_ += all.count;
  }

  void look_around() {
    const Clock::time_point now = Clock::now();
    if (flush_.is_due(now)) outputs_.flush(FlushReach::kAll);
    if (hooks_.on_progress && progress_view_.is_due(now)) hooks_.on_progress(status(now));
    if (end_) return;
    if (hooks_.on_statistics && statistics_.is_due(now)) hooks_.on_statistics(status(now));
    end_ = reason_to_end(now);
    if (end_) source_.stop();
  }

  std::optional<LiveEnd> reason_to_end(Clock::time_point now) {
    const bool failed = outputs_.state() != OutputState::kOpen || any_failed_.load(std::memory_order_relaxed);
    if (failed) return LiveEnd::kFailed;
    if (stop_.requested()) return LiveEnd::kStopped;
    if (limits_.duration > std::chrono::nanoseconds(0) && now - start_ >= limits_.duration) return LiveEnd::kDuration;
    if (limits_.max_packets != 0 && sum(&LaneProgress::packets) >= limits_.max_packets) return LiveEnd::kMaxPackets;
    if (hooks_.all_interfaces_lost && interfaces_.is_due(now) && hooks_.all_interfaces_lost())
      return LiveEnd::kInterfacesLost;
    return std::nullopt;
  }

  [[nodiscard]] std::uint64_t sum(std::atomic<std::uint64_t> LaneProgress::*number) const {
    std::uint64_t total = 0;
    for (const LaneProgress& lane : progress_) total += (lane.*number).load(std::memory_order_relaxed);
    return total;
  }

  [[nodiscard]] LiveStatus status(Clock::time_point now) const {
    return {now - start_, sum(&LaneProgress::open_flows), rows_written_, source_.counters()};
  }

  LiveSource& source_;
  std::span<const std::unique_ptr<Shard>> shards_;
  OutputSet& outputs_;
  const StopRequest& stop_;
  const LiveLimits& limits_;
  const LiveHooks& hooks_;
  BoundedQueue<LaneOutput> rows_;
  BoundedQueue<ShardRows> used_rows_;  // written, to be filled again
  std::vector<LaneProgress> progress_;
  std::atomic<bool> any_failed_{false};
  std::uint64_t rows_written_ = 0;
  std::optional<LiveEnd> end_;
  const Clock::time_point start_ = Clock::now();
  Recurring flush_{kFlushEvery, start_};
  Recurring progress_view_{kProgressEvery, start_};
  Recurring statistics_{hooks_.statistics_interval, start_};
  Recurring interfaces_{kInterfacesEvery, start_};
};

}  // namespace

LiveResult run_live_pipeline(const Plan& plan, LiveSource& source, std::span<const std::unique_ptr<Shard>> shards,
                             OutputSet& outputs, const StopRequest& stop, const LiveLimits& limits,
                             const LiveHooks& hooks) {
  LiveResult result;
  result.end = LiveRun(source, shards, outputs, stop, limits, hooks).run();
  for (const auto& shard : shards) {
    result.counters += shard->counters();
    if (!result.plugin_error) result.plugin_error = shard->error();
  }
  result.vlan_halves = find_vlan_halves(plan, shards);
  return result;
}

}  // namespace flowgauge
