#include "core/engine/pipeline.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <optional>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/crash_stack.h"
#include "core/base/log.h"
#include "core/base/published.h"
#include "core/engine/bounded_queue.h"
#include "core/engine/row_exchange.h"
#include "core/engine/row_merge.h"
#include "core/engine/status_feed.h"
#include "core/flow/flow_key.h"

namespace flowgauge {
namespace {

constexpr std::size_t kBlocks = 8;  // in flight between the reader and the slowest shard

// Whether events are told their partitions: one shard alone that keeps all of them finds them itself.
enum class Dealing { kNone, kByPartition };

// Reads blocks until the end or the request, whichever comes first.
class Reader {
 public:
  Reader(Source& source, const Plan& plan, Dealing dealing, const StopRequest& stop)
      : source_(source), plan_(plan), dealing_(dealing), stop_(stop) {}
  Reader(const Reader&) = delete;
  Reader& operator=(const Reader&) = delete;
  ~Reader() { source_.set_hand_over(nullptr); }

  // Blocks that shall not wait for more, as those of read(): called within read().
  void set_hand_over(HandOver hand_over) {
    source_.set_hand_over([this, hand_over = std::move(hand_over)](EventBlock& block) {
      prepare(block);
      hand_over(block);
    });
  }

  // False: this was the last block; it may hold events.
  bool read(EventBlock& block) {
    if (stop_.requested()) source_.interrupt();  // it still hands over what it has counted
    const SourceState state = source_.read(block);
    prepare(block);
    if (state == SourceState::kMore) return true;
    // A source that was interrupted ends too; only it knows whether anything was left, so the request decides.
    interrupted_ = stop_.requested();
    return false;
  }

  // From any thread.
  void describe(RunStatus& status) const {
    status.files = source_.progress();
    status.ledger = ledger_.read();
  }
  // Both once the reading is over.
  [[nodiscard]] std::uint64_t other_partition() const { return other_partition_; }
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void prepare(EventBlock& block) {
    if (dealing_ == Dealing::kByPartition) assign_partitions(block, plan_.rules.flow_key);
    if (!plan_.partitions.is_all())
      other_partition_ += static_cast<std::uint64_t>(std::ranges::count_if(
          block.events, [&](const packet_event& event) { return !plan_.partitions.contains(event.partition); }));
    LedgerCounts ledger = source_.ledger();
    ledger.leave_to_others(other_partition_);
    ledger_.publish(ledger);
  }

  Source& source_;
  const Plan& plan_;
  Dealing dealing_;
  const StopRequest& stop_;
  Published<LedgerCounts> ledger_;
  std::uint64_t other_partition_ = 0;
  bool interrupted_ = false;
};

// The calling thread's part: rows go to the outputs, which stop the run when they fail, and the observer is told.
class WritingEnd {
 public:
  WritingEnd(OutputSet& outputs, StopRequest& stop, StatusFeed& feed) : outputs_(outputs), stop_(stop), feed_(feed) {}

  void write(const auto& rows) { note(outputs_.write(rows)); }
  // Whoever reads along shall have the rows so far.
  void flush() { note(outputs_.flush(FlushReach::kSameBytes)); }
  void tell() { feed_.tell(); }

 private:
  void note(OutputState state) {
    if (state != OutputState::kOpen) stop_.request();
  }

  OutputSet& outputs_;
  StopRequest& stop_;
  StatusFeed& feed_;
};

void run_alone(Reader& reader, Shard& shard, WritingEnd& end, StopRequest& stop) {
  EventBlock block;
  const Shard::RowsReady write = [&](const ShardRows& rows, Shard::Portion) { end.write(rows); };
  const auto work_off = [&](const EventBlock& part) {
    shard.process(part, write);
    if (shard.error()) stop.request();
    end.tell();
  };
  reader.set_hand_over([&](EventBlock& part) {
    work_off(part);
    end.flush();
  });
  for (bool more = true; more;) {
    more = reader.read(block);
    work_off(block);
  }
  shard.drain(write);
}

// ---------------------------------------------------------------- several shards

struct SharedBlock {
  EventBlock block;
  std::atomic<std::size_t> readers{0};  // shards that have not finished with it
  bool last = false;
  bool is_awaited = false;  // its rows are to be seen at once: the next block may be long in coming
};

// A part is what one block releases, or what is left at the end of input. Rows of a part come before all of the next.
struct ShardOutput {
  ShardRows rows;
  enum class Kind { kSome, kEndOfPart, kEndOfRun } kind = Kind::kSome;
  bool is_awaited = false;
};

struct ShardQueues {  // between the reader, one shard and the writer
  BoundedQueue<SharedBlock*> blocks{kBlocks};
  BoundedQueue<ShardOutput> rows{kRowsAhead};
};

void read_blocks(Reader& reader, std::vector<ShardQueues>& queues, BoundedQueue<SharedBlock*>& free_blocks) {
  const auto publish = [&](SharedBlock* shared) {
    shared->readers.store(queues.size(), std::memory_order_relaxed);
    for (ShardQueues& each : queues) each.blocks.push(shared);  // the queue's mutex publishes the block
  };
  reader.set_hand_over([&](EventBlock& part) {
    SharedBlock* shared = free_blocks.pop();
    std::swap(shared->block, part);
    shared->last = false;
    shared->is_awaited = true;
    publish(shared);
  });
  for (bool more = true; more;) {
    SharedBlock* shared = free_blocks.pop();
    more = reader.read(shared->block);
    shared->last = !more;
    shared->is_awaited = false;
    publish(shared);
  }
}

void run_shard(Shard& shard, ShardQueues& queues, BoundedQueue<SharedBlock*>& free_blocks, RowExchange& exchange,
               StopRequest& stop) {
  using Kind = ShardOutput::Kind;
  using Portion = Shard::Portion;
  for (bool more = true; more;) {
    SharedBlock* shared = queues.blocks.pop();
    more = !shared->last;
    shard.process(shared->block, [&](ShardRows& rows, Portion portion) {
      const bool is_end = portion == Portion::kLast;
      const bool is_awaited = shared->is_awaited;
      if (shard.error()) stop.request();
      if (is_end && shared->readers.fetch_sub(1, std::memory_order_acq_rel) == 1) free_blocks.push(shared);
      queues.rows.push({exchange.take(rows), is_end ? Kind::kEndOfPart : Kind::kSome, is_awaited});
    });
  }
  shard.drain([&](ShardRows& rows, Portion portion) {
    queues.rows.push({exchange.take(rows), portion == Portion::kLast ? Kind::kEndOfRun : Kind::kSome, false});
  });
}

// A part comes in pieces that do not line up: one is asked for where the last is used up. False: it was the last part.
bool write_part(std::vector<ShardQueues>& queues, RowExchange& exchange, WritingEnd& end, RowMerge& merge) {
  merge.reopen();
  std::size_t open = queues.size();
  std::vector<bool> ended(queues.size(), false);
  bool last = false;
  bool is_awaited = false;
  while (open > 0) {
    for (std::size_t shard = 0; shard < queues.size(); ++shard) {
      if (ended[shard] || !merge.needs(shard)) continue;
      ShardOutput output = queues[shard].rows.pop();
      exchange.give_back(merge.add(shard, std::move(output.rows)));
      if (output.kind == ShardOutput::Kind::kSome) continue;
      last = output.kind == ShardOutput::Kind::kEndOfRun;
      is_awaited = output.is_awaited;
      ended[shard] = true;
      merge.close(shard);
      --open;
    }
    end.write(merge.take());
  }
  if (is_awaited) end.flush();
  return !last;
}

void run_together(Reader& reader, std::span<const std::unique_ptr<Shard>> shards, WritingEnd& end, StopRequest& stop) {
  std::vector<SharedBlock> blocks(kBlocks);
  BoundedQueue<SharedBlock*> free_blocks(kBlocks);
  for (SharedBlock& block : blocks) free_blocks.push(&block);
  std::vector<ShardQueues> queues(shards.size());
  RowExchange exchange(shards.size());
  RowMerge merge(shards.size());

  std::vector<std::jthread> threads;
  threads.emplace_back([&, log = bound_log()] {
    const LogScope scope(log);
    read_blocks(reader, queues, free_blocks);
  });
  for (std::size_t shard = 0; shard < shards.size(); ++shard)
    threads.emplace_back([&, shard, log = bound_log()] {
      const LogScope scope(log);
      const CrashStack crash_stack;
      run_shard(*shards[shard], queues[shard], free_blocks, exchange, stop);
    });
  while (write_part(queues, exchange, end, merge)) end.tell();
}

}  // namespace

PipelineResult run_pipeline(const Plan& plan, Source& source, std::span<const std::unique_ptr<Shard>> shards,
                            OutputSet& outputs, StopRequest& stop, const Observer& observer) {
  const bool is_alone = shards.size() == 1 && plan.partitions.is_all();
  Reader reader(source, plan, is_alone ? Dealing::kNone : Dealing::kByPartition, stop);
  const auto describe = [&](RunStatus& status) { reader.describe(status); };
  StatusFeed feed(observer, shards, outputs, describe, Recurring::Clock::now(), StatusFeed::First::kAtOnce);
  WritingEnd end(outputs, stop, feed);
  if (shards.size() == 1)
    run_alone(reader, *shards.front(), end, stop);
  else
    run_together(reader, shards, end, stop);
  feed.tell_end();

  PipelineResult result;
  result.other_partition = reader.other_partition();
  result.interrupted = reader.interrupted();
  for (const auto& shard : shards) {
    result.counters += shard->counters();
    if (!result.plugin_error) result.plugin_error = shard->error();
  }
  result.vlan_halves = find_vlan_halves(plan, shards);
  return result;
}

}  // namespace flowgauge
