#include "core/engine/pipeline.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "core/engine/bounded_queue.h"
#include "core/engine/row_merge.h"
#include "core/flow/flow_key.h"

namespace flowgauge {
namespace {

constexpr std::size_t kBlocks = 8;     // in flight between the reader and the slowest shard
constexpr std::size_t kRowsAhead = 4;  // results of a shard that wait for the writer

// Reads blocks until the end or the request, whichever comes first.
class Reader {
 public:
  Reader(Source& source, KeyRule rule, const StopRequest& stop) : source_(source), rule_(rule), stop_(stop) {}

  // False: this was the last block; it may hold events.
  bool read(EventBlock& block) {
    if (stop_.requested()) {
      interrupted_ = true;
      block.events.clear();
      block.frames.clear();
      return false;
    }
    const SourceState state = source_.read(block);
    assign_partitions(block, rule_);
    frames_.store(source_.ledger().frames_read, std::memory_order_relaxed);
    if (state == SourceState::kMore) return true;
    // A source that was interrupted ends too; only it knows whether anything was left, so the request decides.
    interrupted_ = stop_.requested();
    return false;
  }

  [[nodiscard]] std::uint64_t frames() const { return frames_.load(std::memory_order_relaxed); }
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  Source& source_;
  KeyRule rule_;
  const StopRequest& stop_;
  std::atomic<std::uint64_t> frames_{0};
  bool interrupted_ = false;
};

// The outputs, which stop the run when they fail.
class Sink {
 public:
  Sink(OutputSet& outputs, std::size_t count, StopRequest& stop) : outputs_(outputs), texts_(count), stop_(stop) {}

  void write(std::span<const std::string> texts, std::uint64_t rows) {
    if (rows == 0 || outputs_.state() != OutputState::kOpen) return;
    if (outputs_.write(texts, rows) != OutputState::kOpen) stop_.request();
  }
  void write(const ShardRows& rows) {
    for (std::size_t i = 0; i < texts_.size(); ++i) texts_[i].assign(rows.outputs[i].bytes);
    write(texts_, rows.order.size());
  }
  void write_certain(RowMerge& merge) {
    for (std::string& text : texts_) text.clear();
    const std::uint64_t rows = merge.take(texts_);
    write(texts_, rows);
  }

 private:
  OutputSet& outputs_;
  std::vector<std::string> texts_;
  StopRequest& stop_;
};

void run_alone(Reader& reader, Source& source, Shard& shard, Sink& sink, StopRequest& stop,
               const OnProgress& on_progress) {
  EventBlock block;
  ShardRows rows;
  for (bool more = true; more;) {
    more = reader.read(block);
    shard.process(block, rows);
    sink.write(rows);
    if (shard.error()) stop.request();
    on_progress(source.progress(), reader.frames());
  }
  for (bool more = true; more;) {
    more = shard.drain(rows);
    sink.write(rows);
  }
}

// ---------------------------------------------------------------- several shards

struct SharedBlock {
  EventBlock block;
  std::atomic<std::size_t> readers{0};  // shards that have not finished with it
  bool last = false;
};

struct ShardOutput {
  ShardRows rows;
  enum class Kind { kBlock, kLastBlock, kRemaining, kEnd } kind = Kind::kBlock;
};

struct Lane {  // between the reader, one shard and the writer
  BoundedQueue<SharedBlock*> blocks{kBlocks};
  BoundedQueue<ShardOutput> rows{kRowsAhead};
};

void read_blocks(Reader& reader, std::vector<Lane>& lanes, BoundedQueue<SharedBlock*>& free_blocks) {
  for (bool more = true; more;) {
    SharedBlock* shared = free_blocks.pop();
    more = reader.read(shared->block);
    shared->last = !more;
    shared->readers.store(lanes.size(), std::memory_order_relaxed);
    for (Lane& lane : lanes) lane.blocks.push(shared);  // the queue's mutex publishes the block
  }
}

void run_shard(Shard& shard, Lane& lane, BoundedQueue<SharedBlock*>& free_blocks, StopRequest& stop) {
  for (bool more = true; more;) {
    SharedBlock* shared = lane.blocks.pop();
    ShardOutput output;
    shard.process(shared->block, output.rows);
    more = !shared->last;
    output.kind = more ? ShardOutput::Kind::kBlock : ShardOutput::Kind::kLastBlock;
    if (shard.error()) stop.request();
    if (shared->readers.fetch_sub(1, std::memory_order_acq_rel) == 1) free_blocks.push(shared);
    lane.rows.push(std::move(output));
  }
  for (bool more = true; more;) {
    ShardOutput output;
    more = shard.drain(output.rows);
    output.kind = more ? ShardOutput::Kind::kRemaining : ShardOutput::Kind::kEnd;
    lane.rows.push(std::move(output));
  }
}

// Rows of a block come before all rows of the next, so that a block's are merged when every shard has given its own.
void write_blocks(std::vector<Lane>& lanes, Sink& sink, RowMerge& merge, const std::function<void()>& progress) {
  for (bool more = true; more;) {
    merge.reopen();
    for (std::size_t shard = 0; shard < lanes.size(); ++shard) {
      ShardOutput output = lanes[shard].rows.pop();
      more = output.kind == ShardOutput::Kind::kBlock;  // the same for all shards
      merge.add(shard, std::move(output.rows));
      merge.close(shard);
    }
    sink.write_certain(merge);
    progress();
  }
}

// What is left at the end of input comes in pieces that do not line up: a piece is asked for where the last is used up.
void write_remaining(std::vector<Lane>& lanes, Sink& sink, RowMerge& merge) {
  merge.reopen();
  std::vector<bool> ended(lanes.size(), false);
  for (bool all_ended = false; !all_ended;) {
    all_ended = true;
    for (std::size_t shard = 0; shard < lanes.size(); ++shard) {
      if (ended[shard] || !merge.needs(shard)) continue;
      ShardOutput output = lanes[shard].rows.pop();
      merge.add(shard, std::move(output.rows));
      if (output.kind == ShardOutput::Kind::kEnd) {
        ended[shard] = true;
        merge.close(shard);
      }
    }
    sink.write_certain(merge);
    for (const bool shard_ended : ended) all_ended = all_ended && shard_ended;
  }
}

void run_together(Reader& reader, Source& source, std::span<const std::unique_ptr<Shard>> shards, std::size_t outputs,
                  Sink& sink, StopRequest& stop, const OnProgress& on_progress) {
  std::vector<SharedBlock> blocks(kBlocks);
  BoundedQueue<SharedBlock*> free_blocks(kBlocks);
  for (SharedBlock& block : blocks) free_blocks.push(&block);
  std::vector<Lane> lanes(shards.size());
  RowMerge merge(shards.size(), outputs);

  std::vector<std::jthread> threads;
  threads.emplace_back([&] { read_blocks(reader, lanes, free_blocks); });
  for (std::size_t shard = 0; shard < shards.size(); ++shard)
    threads.emplace_back([&, shard] { run_shard(*shards[shard], lanes[shard], free_blocks, stop); });
  write_blocks(lanes, sink, merge, [&] { on_progress(source.progress(), reader.frames()); });
  write_remaining(lanes, sink, merge);
}

}  // namespace

PipelineResult run_pipeline(const Plan& plan, Source& source, std::span<const std::unique_ptr<Shard>> shards,
                            OutputSet& outputs, StopRequest& stop, const OnProgress& on_progress) {
  Reader reader(source, plan.rules.flow_key, stop);
  Sink sink(outputs, plan.outputs.size(), stop);
  if (shards.size() == 1)
    run_alone(reader, source, *shards.front(), sink, stop, on_progress);
  else
    run_together(reader, source, shards, plan.outputs.size(), sink, stop, on_progress);

  PipelineResult result;
  result.interrupted = reader.interrupted();
  for (const auto& shard : shards) {
    result.counters += shard->counters();
    if (!result.plugin_error) result.plugin_error = shard->error();
  }
  return result;
}

}  // namespace flowgauge
