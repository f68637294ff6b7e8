#include "core/engine/pipeline.h"

#include <algorithm>
#include <atomic>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "core/base/crash_stack.h"
#include "core/engine/bounded_queue.h"
#include "core/engine/row_merge.h"
#include "core/flow/flow_key.h"

namespace flowgauge {
namespace {

constexpr std::size_t kBlocks = 8;     // in flight between the reader and the slowest shard
constexpr std::size_t kRowsAhead = 4;  // results of a shard that wait for the writer

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

  [[nodiscard]] std::uint64_t frames() const { return frames_.load(std::memory_order_relaxed); }
  // Both once the reading is over.
  [[nodiscard]] std::uint64_t other_partition() const { return other_partition_; }
  [[nodiscard]] bool interrupted() const { return interrupted_; }

 private:
  void prepare(EventBlock& block) {
    if (dealing_ == Dealing::kByPartition) assign_partitions(block, plan_.rules.flow_key);
    if (!plan_.partitions.is_all())
      other_partition_ += static_cast<std::uint64_t>(std::ranges::count_if(
          block.events, [&](const packet_event& event) { return !plan_.partitions.contains(event.partition); }));
    frames_.store(source_.ledger().frames_read, std::memory_order_relaxed);
  }

  Source& source_;
  const Plan& plan_;
  Dealing dealing_;
  const StopRequest& stop_;
  std::atomic<std::uint64_t> frames_{0};
  std::uint64_t other_partition_ = 0;
  bool interrupted_ = false;
};

// The outputs, which stop the run when they fail.
class Sink {
 public:
  Sink(OutputSet& outputs, std::size_t count, StopRequest& stop)
      : outputs_(outputs), texts_(count), views_(count), stop_(stop) {}

  void write(const ShardRows& rows) {
    for (std::size_t i = 0; i < texts_.size(); ++i) views_[i] = rows.outputs[i].bytes;
    write_views(rows.order.size());
  }
  void write_certain(RowMerge& merge) {
    for (std::string& text : texts_) text.clear();
    const std::uint64_t rows = merge.take(texts_);
    for (std::size_t i = 0; i < texts_.size(); ++i) views_[i] = texts_[i];
    write_views(rows);
  }
  // Whoever reads along shall have the rows so far.
  void flush() {
    if (outputs_.state() == OutputState::kOpen && outputs_.flush(FlushReach::kSameBytes) != OutputState::kOpen)
      stop_.request();
  }

 private:
  void write_views(std::uint64_t rows) {
    if (rows == 0 || outputs_.state() != OutputState::kOpen) return;
    if (outputs_.write(views_, rows) != OutputState::kOpen) stop_.request();
  }

  OutputSet& outputs_;
  std::vector<std::string> texts_;       // merged rows, by output
  std::vector<std::string_view> views_;  // what is written, by output
  StopRequest& stop_;
};

void run_alone(Reader& reader, Source& source, Shard& shard, Sink& sink, StopRequest& stop,
               const OnProgress& on_progress) {
  EventBlock block;
  const Shard::RowsReady write = [&](const ShardRows& rows, Shard::Portion) { sink.write(rows); };
  const auto work_off = [&](const EventBlock& part) {
    shard.process(part, write);
    if (shard.error()) stop.request();
    on_progress(source.progress(), reader.frames());
  };
  reader.set_hand_over([&](EventBlock& part) {
    work_off(part);
    sink.flush();
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

struct ShardLane {  // between the reader, one shard and the writer
  BoundedQueue<SharedBlock*> blocks{kBlocks};
  BoundedQueue<ShardOutput> rows{kRowsAhead};
};

void read_blocks(Reader& reader, std::vector<ShardLane>& lanes, BoundedQueue<SharedBlock*>& free_blocks) {
  const auto publish = [&](SharedBlock* shared) {
    shared->readers.store(lanes.size(), std::memory_order_relaxed);
    for (ShardLane& lane : lanes) lane.blocks.push(shared);  // the queue's mutex publishes the block
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

void run_shard(Shard& shard, ShardLane& lane, BoundedQueue<SharedBlock*>& free_blocks, StopRequest& stop) {
  using Kind = ShardOutput::Kind;
  using Portion = Shard::Portion;
  for (bool more = true; more;) {
    SharedBlock* shared = lane.blocks.pop();
    more = !shared->last;
    shard.process(shared->block, [&](ShardRows& rows, Portion portion) {
      const bool is_end = portion == Portion::kLast;
      const bool is_awaited = shared->is_awaited;
      if (shard.error()) stop.request();
      if (is_end && shared->readers.fetch_sub(1, std::memory_order_acq_rel) == 1) free_blocks.push(shared);
      lane.rows.push({std::exchange(rows, {}), is_end ? Kind::kEndOfPart : Kind::kSome, is_awaited});
    });
  }
  shard.drain([&](ShardRows& rows, Portion portion) {
    lane.rows.push({std::exchange(rows, {}), portion == Portion::kLast ? Kind::kEndOfRun : Kind::kSome, false});
  });
}

// A part comes in pieces that do not line up: one is asked for where the last is used up. False: it was the last part.
bool write_part(std::vector<ShardLane>& lanes, Sink& sink, RowMerge& merge) {
  merge.reopen();
  std::size_t open = lanes.size();
  std::vector<bool> ended(lanes.size(), false);
  bool last = false;
  bool is_awaited = false;
  while (open > 0) {
    for (std::size_t shard = 0; shard < lanes.size(); ++shard) {
      if (ended[shard] || !merge.needs(shard)) continue;
      ShardOutput output = lanes[shard].rows.pop();
      merge.add(shard, std::move(output.rows));
      if (output.kind == ShardOutput::Kind::kSome) continue;
      last = output.kind == ShardOutput::Kind::kEndOfRun;
      is_awaited = output.is_awaited;
      ended[shard] = true;
      merge.close(shard);
      --open;
    }
    sink.write_certain(merge);
  }
  if (is_awaited) sink.flush();
  return !last;
}

void run_together(Reader& reader, Source& source, std::span<const std::unique_ptr<Shard>> shards, std::size_t outputs,
                  Sink& sink, StopRequest& stop, const OnProgress& on_progress) {
  std::vector<SharedBlock> blocks(kBlocks);
  BoundedQueue<SharedBlock*> free_blocks(kBlocks);
  for (SharedBlock& block : blocks) free_blocks.push(&block);
  std::vector<ShardLane> lanes(shards.size());
  RowMerge merge(shards.size(), outputs);

  std::vector<std::jthread> threads;
  threads.emplace_back([&] { read_blocks(reader, lanes, free_blocks); });
  for (std::size_t shard = 0; shard < shards.size(); ++shard)
    threads.emplace_back([&, shard] {
      const CrashStack crash_stack;
      run_shard(*shards[shard], lanes[shard], free_blocks, stop);
    });
  while (write_part(lanes, sink, merge)) on_progress(source.progress(), reader.frames());
}

}  // namespace

PipelineResult run_pipeline(const Plan& plan, Source& source, std::span<const std::unique_ptr<Shard>> shards,
                            OutputSet& outputs, StopRequest& stop, const OnProgress& on_progress) {
  const bool is_alone = shards.size() == 1 && plan.partitions.is_all();
  Reader reader(source, plan, is_alone ? Dealing::kNone : Dealing::kByPartition, stop);
  Sink sink(outputs, plan.outputs.size(), stop);
  if (shards.size() == 1)
    run_alone(reader, source, *shards.front(), sink, stop, on_progress);
  else
    run_together(reader, source, shards, plan.outputs.size(), sink, stop, on_progress);

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
