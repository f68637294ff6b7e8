// What a packet costs, stage by stage, on the synthetic capture: reading, as pcap and as pcapng; parsing; the flow
// table too; a whole run of `basic` to CSV. Time is per packet. The plugins are those of this build.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <memory>
#include <string>

#include "core/engine/run.h"
#include "core/flow/flow_table.h"
#include "core/ingest/capture_file.h"
#include "core/ingest/input_list.h"
#include "core/ingest/pcap_source.h"
#include "tests/bench/traffic.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kPackets = 1'000'000;

using bench::TrafficFormat;

// Written once into the temporary folder; removed at exit.
class Capture {
 public:
  explicit Capture(TrafficFormat format)
      : path_(std::filesystem::temp_directory_path() / ("flowgauge-bench-" + std::to_string(::getpid()) +
                                                        (format == TrafficFormat::kPcap ? ".pcap" : ".pcapng"))) {
    const bench::TrafficShape shape{
        .packets = kPackets, .flows_at_once = 50'000, .snaplen_bytes = 96, .format = format};
    if (!bench::write_traffic(path_, shape)) std::abort();
  }
  Capture(const Capture&) = delete;
  Capture& operator=(const Capture&) = delete;
  ~Capture() { std::filesystem::remove(path_); }
  [[nodiscard]] std::string path() const { return path_.string(); }

 private:
  std::filesystem::path path_;
};

const Capture& capture(TrafficFormat format = TrafficFormat::kPcap) {
  static const Capture pcap(TrafficFormat::kPcap);
  static const Capture pcapng(TrafficFormat::kPcapng);
  return format == TrafficFormat::kPcap ? pcap : pcapng;
}

std::unique_ptr<PcapSource> open_source(TrafficFormat format = TrafficFormat::kPcap) {
  const std::string path = capture(format).path();
  auto listed = expand_inputs({&path, 1});
  if (!listed) std::abort();
  auto source = PcapSource::create({.inputs = listed->inputs, .filter = {}});
  if (!source) std::abort();
  return std::move(*source);
}

void per_packet(benchmark::State& state) {
  state.counters["per packet"] = benchmark::Counter(static_cast<double>(state.iterations() * kPackets),
                                                    benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

// The frames alone, each of which is looked at.
void read_frames(benchmark::State& state, TrafficFormat format) {
  const std::string path = capture(format).path();
  for (auto _ : state) {
    auto file = CaptureFile::open(path, {});
    if (!file) std::abort();
    Frame frame;
    while (file->next(frame) == CaptureFile::ReadState::kFrame) benchmark::DoNotOptimize(frame.bytes[0]);
  }
  per_packet(state);
}

void read_and_parse(benchmark::State& state, TrafficFormat format) {
  for (auto _ : state) {
    const auto source = open_source(format);
    EventBlock block;
    while (source->read(block) == SourceState::kMore) benchmark::DoNotOptimize(block.events.data());
  }
  per_packet(state);
}

void flow_table(benchmark::State& state) {
  std::uint64_t most = 0;
  for (auto _ : state) {
    const auto source = open_source();
    FlowTable table({});
    EventBlock block;
    for (bool more = true; more;) {
      more = source->read(block) == SourceState::kMore;
      assign_partitions(block, KeyRule::kFull);
      table.process(block, [&](const PacketBatch& batch) { table.recycle(batch.releases); });
    }
    most = table.counters().most_flows;
  }
  per_packet(state);
  state.counters["flows at once"] = static_cast<double>(most);
}

void run_schema(benchmark::State& state, const char* schema) {
  std::uint64_t rows = 0;
  for (auto _ : state) {
    RunRequest request;
    request.profile.threads = static_cast<std::uint32_t>(state.range(0));
    request.profile.exporters = {{.schema = {schema, {}, 0}, .plugin = {}, .path = {"/dev/null", {}, 0}}};
    request.inputs = {capture().path()};
    request.force = true;
    StopRequest stop;
    const auto report = run(request, stop, {});
    if (!report || report->exit_code != ExitCode::kOk) {
      state.SkipWithError(report ? report->problems.front().message.c_str() : report.error().message.c_str());
      return;
    }
    rows = report->counters.rows;
  }
  per_packet(state);
  state.counters["rows"] = static_cast<double>(rows);
}

BENCHMARK_CAPTURE(read_frames, pcap, TrafficFormat::kPcap)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_frames, pcapng, TrafficFormat::kPcapng)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_and_parse, pcap, TrafficFormat::kPcap)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(read_and_parse, pcapng, TrafficFormat::kPcapng)->Unit(benchmark::kMillisecond);
BENCHMARK(flow_table)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_schema, basic, "basic")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(run_schema, cidds, "cidds")
    ->Arg(1)
    ->Arg(2)
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace flowgauge
