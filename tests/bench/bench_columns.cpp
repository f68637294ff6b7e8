// What rows cost as Arrow record batches, beyond the engine: the 203 columns of `rustiflow` by one worker, once to a
// consumer that releases each batch at once, once with all blocks dropped. Time is per row; the difference is the
// output's. The plugins are those of this build.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "core/engine/plan.h"
#include "core/engine/shard.h"
#include "core/ingest/input_list.h"
#include "core/ingest/pcap_source.h"
#include "core/output/arrow_sink.h"
#include "core/table/row_sink.h"
#include "tests/bench/traffic.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kPackets = 1'000'000;

// Written once into the temporary folder; removed at exit.
class Capture {
 public:
  Capture()
      : path_(std::filesystem::temp_directory_path() / ("flowgauge-bench-" + std::to_string(::getpid()) + ".pcap")) {
    if (!bench::write_traffic(path_, {.packets = kPackets, .flows_at_once = 50'000, .snaplen_bytes = 96})) std::abort();
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

class DroppedBlock final : public RowBlock {
 public:
  void append(const OutputBatch& batch) override { rows_ += batch.rows; }
  void cut(std::size_t rows) override { rows_ = rows; }
  [[nodiscard]] std::size_t rows() const override { return rows_; }

 private:
  std::size_t rows_ = 0;
};

class DroppingSink final : public RowSink {
 public:
  Result<SinkState> write(std::span<const RowRun> /*runs*/) override { return SinkState::kOpen; }
  Result<SinkState> flush(FlushReach /*reach*/) override { return SinkState::kOpen; }
  Result<SinkState> finish(Finish /*how*/, const Account& /*account*/) override { return SinkState::kOpen; }
  [[nodiscard]] std::uint64_t rows() const override { return 0; }
  [[nodiscard]] const std::string& location() const override { return location_; }

 private:
  std::string location_ = "nowhere";
};

// Of all columns, as long as the program runs.
const ArrowOptions& arrow_options() {
  static const ArrowOptions options;
  return options;
}

SinkState release_at_once(ArrowArray batch) {
  benchmark::DoNotOptimize(batch.children);
  batch.release(&batch);
  return SinkState::kOpen;
}

const SinkKind kDropped = {
    "dropped", "", false,
    [](std::span<const OutputColumn>) -> std::unique_ptr<RowBlock> { return std::make_unique<DroppedBlock>(); },
    [](const SinkRequest&) -> Result<std::unique_ptr<RowSink>> { return std::make_unique<DroppingSink>(); }};

const SinkKind kArrow = {"arrow", "", false,
                         [](std::span<const OutputColumn> columns) -> std::unique_ptr<RowBlock> {
                           return std::make_unique<ArrowBlock>(columns, arrow_options());
                         },
                         [](const SinkRequest& request) -> Result<std::unique_ptr<RowSink>> {
                           return std::make_unique<ArrowSink>(request.columns, arrow_options(), release_at_once);
                         }};

std::unique_ptr<Plan> plan_for(const SinkKind& kind) {
  Profile profile;
  profile.exporters = {{.schema = {"rustiflow", {}, 0}, .plugin = {}, .path = {"/dev/null", {}, 0}}};
  auto plan = make_plan(profile, {});
  if (!plan) std::abort();
  (*plan)->outputs.front().kind = &kind;
  return std::move(*plan);
}

void rows_of(benchmark::State& state, const SinkKind& kind) {
  static const Capture capture;
  const auto plan = plan_for(kind);
  const PlannedOutput& output = plan->outputs.front();
  std::uint64_t rows = 0;
  for (auto _ : state) {
    const std::string path = capture.path();
    const auto listed = expand_inputs({&path, 1});
    auto source = PcapSource::create({.inputs = listed.value().inputs, .filter = {}});
    auto shard = Shard::create(*plan, 0, 1);
    auto sink = kind.open({.columns = output.columns});
    if (!source || !shard || !sink) std::abort();
    const auto write = [&](ShardRows& ready, Shard::Portion) {
      const RowRun run{ready.outputs.front().get(), 0, ready.order.size()};
      if (!(*sink)->write({&run, 1})) std::abort();
    };
    EventBlock block;
    for (bool more = true; more;) {
      more = (*source)->read(block) == SourceState::kMore;
      (*shard)->process(block, write);
    }
    (*shard)->drain(write);
    if (!(*sink)->finish(Finish::kComplete, nullptr) || (*shard)->error()) std::abort();
    rows += (*shard)->counters().rows;
  }
  state.counters["columns"] = static_cast<double>(output.columns.size());
  state.counters["per row"] =
      benchmark::Counter(static_cast<double>(rows), benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(rows_of, dropped, kDropped)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(rows_of, arrow, kArrow)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace flowgauge
