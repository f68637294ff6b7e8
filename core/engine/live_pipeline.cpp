#include "core/engine/live_pipeline.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <ranges>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "core/base/log.h"
#include "core/engine/bounded_queue.h"
#include "core/engine/counted.h"
#include "core/engine/limit_watch.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/recurring.h"
#include "core/engine/row_exchange.h"
#include "core/engine/status_feed.h"
#include "core/engine/status_watch.h"
#include "core/engine/worker_threads.h"
#include "core/report/run_report.h"

namespace flowgauge {
namespace {

using Clock = Recurring::Clock;

// For rows, between two looks at everything else: where somebody watches, and where nobody does.
constexpr std::chrono::milliseconds kLongestWaitWatched{125};
constexpr std::chrono::milliseconds kLongestWait{200};
constexpr std::chrono::milliseconds kFlushEvery{500};

struct LaneOutput {
  ShardRows rows;
  bool is_end = false;
};

// Between the lanes and the calling thread.
struct LaneSignals {
  std::atomic<bool>& failed;
  const std::atomic<std::uint32_t>& snapshots_asked;
};

// One lane from its first packet to the last flow. Rows that come to nothing are not sent.
class LiveLane {
 public:
  LiveLane(LiveSource& source, std::uint32_t lane, Shard& shard, BoundedQueue<LaneOutput>& rows, RowExchange& exchange,
           const LaneSignals& signals)
      : source_(source), lane_(lane), shard_(shard), rows_(rows), exchange_(exchange), signals_(signals) {}

  void run() {
    const Shard::RowsReady send = [this](ShardRows& rows, Shard::Portion) {
      if (!rows.order.empty()) rows_.push({.rows = exchange_.take(rows)});
    };
    EventBlock block;
    for (bool more = true; more;) {
      source_.want_clock(lane_, shard_.has_open_flows() ? ClockWanted::kYes : ClockWanted::kNo);
      try {
        more = source_.read(lane_, block) == SourceState::kMore;
      } catch (const std::bad_alloc&) {
        block = EventBlock();
        shard_.give_up();
        more = false;
      }
      shard_.process(block, send);
      if (shard_.error()) signals_.failed.store(true, std::memory_order_relaxed);
      const std::uint32_t asked = signals_.snapshots_asked.load(std::memory_order_relaxed);
      if (std::exchange(snapshots_made_, asked) != asked) shard_.snapshot(send);
    }
    shard_.drain(send);
    rows_.push({.rows = {}, .is_end = true});
  }

 private:
  LiveSource& source_;
  std::uint32_t lane_;
  Shard& shard_;
  BoundedQueue<LaneOutput>& rows_;
  RowExchange& exchange_;
  LaneSignals signals_;
  std::uint32_t snapshots_made_ = 0;
};

// The calling thread's part.
class LiveRun {
 public:
  LiveRun(LiveSource& source, std::span<const std::unique_ptr<Shard>> shards, OutputSet& outputs,
          const LiveAsked& asked, const LiveLimits& limits, bool until_down, const Observer& observer)
      : source_(source),
        shards_(shards),
        outputs_(outputs),
        stop_(asked.stop),
        ending_(asked.ending),
        requests_(asked.requests),
        until_down_(until_down),
        longest_wait_(observer.status ? kLongestWaitWatched : kLongestWait),
        rows_(kRowsAhead * shards.size()),
        exchange_(shards.size()),
        feed_(
            observer, shards, outputs, [this](RunStatus& status) { describe(status); }, start_,
            StatusFeed::First::kAfterOnePeriod),
        limit_watch_(
            limits, start_, [this] { return packets(); }, asked.ending) {
    if (!observer.status && !observer.steady) return;
    links_ = std::make_unique<LinkCounterWatch>();
    (void)links_->read(interfaces_of(source));  // from here on it counts
    softnet_at_start_ = read_softnet_dropped();
    watch_.emplace(
        observer, shards, outputs, [this](RunStatus& status) { describe(status); }, start_);
  }

  Result<LiveEnd> run() {
    outputs_.count_by([this] { return counted_of(feed_.status()); });
    std::vector<std::function<void()>> works;
    for (std::uint32_t lane = 0; lane < shards_.size(); ++lane)
      works.emplace_back([this, lane] {
        LiveLane(source_, lane, *shards_[lane], rows_, exchange_, {any_failed_, snapshots_asked_}).run();
      });
    WorkerThreads threads;
    if (auto started = threads.start(std::move(works)); !started) return std::unexpected(started.error());
    try {
      outputs_.flush(FlushReach::kAll);  // who reads a pipe of CSV expects its header before there is a row
      write_rows();
    } catch (const std::bad_alloc&) {
      outputs_.fail_for_memory();
      end_ = LiveEnd::kFailed;
      source_.stop();
      rows_.close();  // so that the lanes come to their end
    }
    ending_.request();
    return end_.value_or(LiveEnd::kInterfacesLost);
  }

  [[nodiscard]] const std::optional<Error>& detached() const { return detached_; }

 private:
  void write_rows() {
    for (std::size_t open = shards_.size(); open > 0;) {
      std::optional<LaneOutput> output = rows_.pop_within(longest_wait_);
      if (output) {
        outputs_.write(output->rows);
        exchange_.give_back(std::move(output->rows));
        if (output->is_end) --open;
      }
      look_around();
    }
    feed_.tell_end();
    if (watch_) watch_->tell_end();
  }

  void look_around() {
    const Clock::time_point now = Clock::now();
    if (flush_.is_due(now)) outputs_.flush(FlushReach::kAll);
    outputs_.rotate_due();
    feed_.tell(end_ ? RunStatus::Phase::kEnding : RunStatus::Phase::kRunning, now);
    if (end_) return;
    if (requests_ != nullptr) answer(*requests_);
    end_ = reason_to_end(now);
    if (!end_) return;
    source_.stop();
    ending_.request();
  }

  void answer(RunRequests& requests) {
    if (requests.take(RunAsked::kReopen)) {
      outputs_.rotate_all();
      log_info("asked to reopen the outputs: their files are complete, and the next ones begin");
    }
    if (requests.take(RunAsked::kSnapshots)) snapshots_asked_.fetch_add(1, std::memory_order_relaxed);
    if (requests.take(RunAsked::kStatus)) say_status();
  }

  // Whoever asks for it gets it, also where messages of its kind are not wanted.
  void say_status() const {
    const RunStatus status = feed_.status();
    const Counted counted = counted_of(status);
    RunReport report;
    report.live = LiveReport{source_.description(), LiveEnd::kStopped, status.interfaces};
    report.ledger = counted.ledger;
    report.counters = counted.counters;
    report.counters.features = status.counters;
    report.outputs = outputs_.report();
    report.elapsed = status.elapsed;
    report.peak_memory_bytes = peak_memory_bytes();
    const LogLevel level = log_enabled(LogLevel::kInfo) ? LogLevel::kInfo : LogLevel::kWarning;
    for (const auto line : std::views::split(report_text(report), '\n'))
      if (!line.empty()) log_text(level, std::string_view(line));
  }

  std::optional<LiveEnd> reason_to_end(Clock::time_point now) {
    const bool failed = outputs_.state() != OutputState::kOpen || any_failed_.load(std::memory_order_relaxed);
    if (failed) return LiveEnd::kFailed;
    if (stop_.requested()) return LiveEnd::kStopped;
    if (const auto limit = limit_watch_.reached(now)) return limit;
    const auto sight = source_.watch();
    if (!sight) {
      detached_ = sight.error();
      return LiveEnd::kDetached;
    }
    return *sight == Sight::kAllLost && until_down_ ? std::optional(LiveEnd::kInterfacesLost) : std::nullopt;
  }

  [[nodiscard]] std::uint64_t packets() const {
    std::uint64_t packets = 0;
    for (const auto& shard : shards_) packets += shard->status().flows.packets;
    return packets;
  }

  // By each name once: a source has both directions.
  static std::vector<std::string> interfaces_of(const LiveSource& source) {
    std::vector<std::string> names;
    for (const LiveCounters& counters : source.counters())
      if (std::ranges::find(names, counters.interface) == names.end()) names.push_back(counters.interface);
    return names;
  }

  // From any thread. What the host has dropped comes before what was seen: a frame that no protocol of the host wants
  // is seen first, and counts as dropped then.
  void describe(RunStatus& status) {
    if (links_) status.host.links = links_->read(interfaces_of(source_));
    if (const auto softnet = read_softnet_dropped(); softnet && softnet_at_start_)
      status.host.softnet = *softnet - *softnet_at_start_;
    status.rings = source_.ring_fill();
    for (std::size_t lane = 0; lane < std::min(status.rings.size(), status.workers.size()); ++lane) {
      std::int64_t& clock_ns = status.workers[lane].clock_ns;
      if (status.rings[lane].is_at_rest && clock_ns != kNoClock)
        clock_ns = std::max(clock_ns, status.time_ns - kLiveClockLagNs);
    }
    status.memory_bytes -= std::min(status.memory_bytes, source_.mapped_twice_bytes());
    status.interfaces = source_.counters();
    status.ledger = ledger_of(status.interfaces);
    const std::int64_t clock_ns = status.total().clock_ns;
    if (clock_ns == kNoClock) return;
    const auto wall = std::chrono::system_clock::now().time_since_epoch();
    status.lag.clock = wall - std::chrono::nanoseconds(clock_ns);
  }

  LiveSource& source_;
  std::span<const std::unique_ptr<Shard>> shards_;
  OutputSet& outputs_;
  const StopRequest& stop_;
  StopRequest& ending_;
  RunRequests* requests_;
  const bool until_down_;
  const std::chrono::milliseconds longest_wait_;
  const Clock::time_point start_ = Clock::now();
  BoundedQueue<LaneOutput> rows_;
  RowExchange exchange_;
  StatusFeed feed_;
  std::unique_ptr<LinkCounterWatch> links_;  // null: nobody watches
  std::optional<std::uint64_t> softnet_at_start_;
  std::atomic<bool> any_failed_{false};
  std::atomic<std::uint32_t> snapshots_asked_{0};  // how often
  std::optional<LiveEnd> end_;
  std::optional<Error> detached_;
  Recurring flush_{kFlushEvery, start_ + kFlushEvery};
  // The last: they look at all others, from threads of their own.
  LimitWatch limit_watch_;
  std::optional<StatusWatch> watch_;
};

}  // namespace

LiveResult run_live_pipeline(const Plan& plan, LiveSource& source, std::span<const std::unique_ptr<Shard>> shards,
                             OutputSet& outputs, const LiveAsked& asked, const LiveLimits& limits,
                             const Observer& observer) {
  LiveResult result;
  for (const auto& shard : shards) shard->obey(asked.stop);
  const auto ran = memory_permitting(plan.rules.max_flows, [&] {
    LiveRun run(source, shards, outputs, asked, limits, plan.profile.live.until_down, observer);
    auto end = run.run();
    result.detached = run.detached();
    return end;
  });
  outputs.count_by(nullptr);
  result.end = ran.value_or(LiveEnd::kFailed);
  if (!ran) result.error = ran.error();
  for (const auto& shard : shards)
    if (!result.error) result.error = shard->error();
  if (auto changed = unknown_change(plan.active, put_process_back(ProcessState::At::kEnd), plan.sinks); !result.error)
    result.error = std::move(changed);
  for (const auto& shard : shards) {
    shard->close();
    result.counters += shard->counters();
    if (!result.error) result.error = shard->error();
  }
  result.vlan_halves = find_vlan_halves(plan, shards);
  return result;
}

}  // namespace flowgauge
