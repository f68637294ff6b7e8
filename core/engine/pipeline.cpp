#include "core/engine/pipeline.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <memory>
#include <new>
#include <optional>
#include <utility>
#include <vector>

#include "core/base/published.h"
#include "core/engine/bounded_queue.h"
#include "core/engine/counted.h"
#include "core/engine/out_of_memory.h"
#include "core/engine/row_exchange.h"
#include "core/engine/row_merge.h"
#include "core/engine/status_feed.h"
#include "core/engine/status_watch.h"
#include "core/engine/worker_threads.h"
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
      : source_(source),
        plan_(plan),
        dealing_(dealing),
        stop_(stop),
        memory_error_(out_of_memory(plan.rules.max_flows)) {}
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

  // False: this was the last block; it may hold events. Out of memory it holds none.
  bool read(EventBlock& block) {
    if (stop_.requested()) source_.interrupt();  // it still hands over what it has counted
    try {
      const SourceState state = source_.read(block);
      prepare(block);
      if (state == SourceState::kMore) return true;
    } catch (const std::bad_alloc&) {
      block = EventBlock();
      error_ = std::move(memory_error_);
    }
    // A source that was interrupted ends too; only it knows whether anything was left, so the request decides.
    interrupted_ = stop_.requested();
    return false;
  }

  // From any thread.
  void describe(RunStatus& status) const {
    status.files = source_.progress();
    status.ledger = ledger_.read();
  }
  // All once the reading is over.
  [[nodiscard]] const std::optional<Error>& error() const { return error_; }
  [[nodiscard]] std::uint64_t other_partition() const { return other_partition_; }
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void prepare(EventBlock& block) {
    const bool are_others_in = source_.other_packets() == OtherPackets::kInBlocks;
    if (dealing_ == Dealing::kByPartition && are_others_in)
      assign_partitions(block, plan_.rules.flow_key, plan_.rules.partition_seed());
    if (!plan_.partitions.is_all() && are_others_in)
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
  Error memory_error_;  // made beforehand
  std::optional<Error> error_;
};

// The calling thread's part: rows go to the outputs, which stop the run when they fail, and the observer is told.
class WritingEnd {
 public:
  WritingEnd(OutputSet& outputs, StopRequest& stop, StatusFeed& feed) : outputs_(outputs), stop_(stop), feed_(feed) {}

  void write(const auto& rows) { note(outputs_.write(rows)); }
  // Whoever reads along shall have the rows so far.
  void flush() { note(outputs_.flush(FlushReach::kSameBytes)); }
  void tell() { feed_.tell(); }
  void fail_for_memory() noexcept {
    outputs_.fail_for_memory();
    stop_.request();
  }

 private:
  void note(OutputState state) {
    if (state != OutputState::kOpen) stop_.request();
  }

  OutputSet& outputs_;
  StopRequest& stop_;
  StatusFeed& feed_;
};

Result<void> run_alone(Reader& reader, Shard& shard, WritingEnd& end, StopRequest& stop) {
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
  return {};
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

void publish(SharedBlock* shared, std::vector<ShardQueues>& queues) {
  shared->readers.store(queues.size(), std::memory_order_relaxed);
  for (ShardQueues& each : queues) each.blocks.push(shared);  // the queue's mutex publishes the block
}

void hand_blocks_over(Reader& reader, std::vector<ShardQueues>& queues, BoundedQueue<SharedBlock*>& free_blocks) {
  reader.set_hand_over([&](EventBlock& part) {
    SharedBlock* shared = free_blocks.pop();
    std::swap(shared->block, part);
    shared->last = false;
    shared->is_awaited = true;
    publish(shared, queues);
  });
}

void read_blocks(Reader& reader, std::vector<ShardQueues>& queues, BoundedQueue<SharedBlock*>& free_blocks) {
  for (bool more = true; more;) {
    SharedBlock* shared = free_blocks.pop();
    more = reader.read(shared->block);
    shared->last = !more;
    shared->is_awaited = false;
    publish(shared, queues);
  }
}

// One shard from the first block to the last flow. Its callbacks allocate nothing.
class ShardWorker {
 public:
  ShardWorker(Shard& shard, ShardQueues& queues, BoundedQueue<SharedBlock*>& free_blocks, RowExchange& exchange,
              StopRequest& stop)
      : shard_(shard), queues_(queues), free_blocks_(free_blocks), exchange_(exchange), stop_(stop) {}

  void run() {
    for (bool more = true; more;) {
      shared_ = queues_.blocks.pop();
      more = !shared_->last;
      shard_.process(shared_->block, [this](ShardRows& rows, Portion portion) { send_of_block(rows, portion); });
    }
    shard_.drain([this](ShardRows& rows, Portion portion) {
      queues_.rows.push({exchange_.take(rows), portion == Portion::kLast ? Kind::kEndOfRun : Kind::kSome, false});
    });
  }

 private:
  using Kind = ShardOutput::Kind;
  using Portion = Shard::Portion;

  void send_of_block(ShardRows& rows, Portion portion) {
    const bool is_end = portion == Portion::kLast;
    const bool is_awaited = shared_->is_awaited;
    if (shard_.error()) stop_.request();
    if (is_end && shared_->readers.fetch_sub(1, std::memory_order_acq_rel) == 1) free_blocks_.push(shared_);
    queues_.rows.push({exchange_.take(rows), is_end ? Kind::kEndOfPart : Kind::kSome, is_awaited});
  }

  Shard& shard_;
  ShardQueues& queues_;
  BoundedQueue<SharedBlock*>& free_blocks_;
  RowExchange& exchange_;
  StopRequest& stop_;
  SharedBlock* shared_ = nullptr;  // at hand
};

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

Result<void> run_together(Reader& reader, std::span<const std::unique_ptr<Shard>> shards, WritingEnd& end,
                          StopRequest& stop) {
  std::vector<SharedBlock> blocks(kBlocks);
  BoundedQueue<SharedBlock*> free_blocks(kBlocks);
  for (SharedBlock& block : blocks) free_blocks.push(&block);
  std::vector<ShardQueues> queues(shards.size());
  RowExchange exchange(shards.size());
  RowMerge merge(shards.size());

  hand_blocks_over(reader, queues, free_blocks);
  std::vector<std::function<void()>> works = {[&] { read_blocks(reader, queues, free_blocks); }};
  for (std::size_t shard = 0; shard < shards.size(); ++shard)
    works.emplace_back([&, shard] { ShardWorker(*shards[shard], queues[shard], free_blocks, exchange, stop).run(); });
  WorkerThreads threads;
  if (auto started = threads.start(std::move(works)); !started) return started;
  try {
    while (write_part(queues, exchange, end, merge)) end.tell();
  } catch (const std::bad_alloc&) {
    end.fail_for_memory();
    for (ShardQueues& each : queues) each.rows.close();  // so that the threads come to their end
  }
  return {};
}

}  // namespace

PipelineResult run_pipeline(const Plan& plan, Source& source, std::span<const std::unique_ptr<Shard>> shards,
                            OutputSet& outputs, StopRequest& stop, const Observer& observer) {
  for (const auto& shard : shards) shard->obey(stop);
  const bool is_alone = shards.size() == 1 && plan.partitions.is_all();
  Reader reader(source, plan, is_alone ? Dealing::kNone : Dealing::kByPartition, stop);
  const auto describe = [&](RunStatus& status) { reader.describe(status); };
  const auto start = Recurring::Clock::now();
  StatusFeed feed(observer, shards, outputs, describe, start, StatusFeed::First::kAtOnce);
  WritingEnd end(outputs, stop, feed);
  outputs.count_by([&feed] { return counted_of(feed.status()); });
  const auto ran = memory_permitting(plan.rules.max_flows, [&] {
    StatusWatch watch(observer, shards, outputs, describe, start);
    auto done =
        shards.size() == 1 ? run_alone(reader, *shards.front(), end, stop) : run_together(reader, shards, end, stop);
    feed.tell_end();
    watch.tell_end();
    return done;
  });
  outputs.count_by(nullptr);

  PipelineResult result;
  if (!ran) result.error = ran.error();
  if (reader.error()) result.error = reader.error();
  result.other_partition = reader.other_partition();
  result.interrupted = reader.interrupted();
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
