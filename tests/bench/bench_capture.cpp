// The live path without a wire: what a packet costs in the kernel program, and what an event costs the reader before
// the flow table. Needs the privileges of live capture.
#include <benchmark/benchmark.h>
#include <bpf/bpf.h>

#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

#include "core/live/ebpf/capture_program.h"
#include "core/live/ebpf/ring_lane.h"
#include "core/live/ebpf/ring_reader.h"
#include "core/live/ebpf/ring_set.h"

namespace flowgauge {
namespace {

constexpr std::uint64_t kRingBytes = 64U << 20;
constexpr int kBatch = 100'000;  // runs of the program by one system call

using Frame = std::vector<std::uint8_t>;

Frame ethernet_ipv4(std::uint8_t protocol, std::size_t transport_bytes) {
  Frame frame(14 + 20 + transport_bytes);
  frame[12] = 8;
  frame[14] = 0x45;
  frame[17] = static_cast<std::uint8_t>(20 + transport_bytes);
  frame[22] = 64;
  frame[23] = protocol;
  frame[26] = frame[30] = 10;
  frame[29] = 1;
  frame[33] = 2;
  frame[34] = 4;
  frame[36] = 0x13;
  return frame;
}

Frame udp_frame() {
  Frame frame = ethernet_ipv4(17, 26);  // 60 bytes: the smallest
  frame[39] = 26;
  return frame;
}

Frame tcp_frame() {
  Frame frame = ethernet_ipv4(6, 20);
  frame[46] = 0x50;
  frame[47] = 0x10;
  return frame;
}

capture_settings settings(std::uint32_t event_bytes) {
  capture_settings out{};
  out.parse = packet_parse_defaults();
  out.link_type = 1;
  out.event_bytes = event_bytes;
  return out;
}

// Average ns per run of the ingress program, as the kernel measures it; its loop (28 ns) is part of that.
double run_program(const CaptureProgram& program, Frame& frame, int times) {
  bpf_test_run_opts options{};
  options.sz = sizeof options;
  options.data_in = frame.data();
  options.data_size_in = static_cast<std::uint32_t>(frame.size());
  options.repeat = times;
  return bpf_prog_test_run_opts(program.fd(TrafficDirection::kIngress), &options) == 0 ? options.duration : -1;
}

// Takes what comes and looks at nothing, in naps, on another core.
class Drain {
 public:
  explicit Drain(RingReader reader)
      : thread_([this, reader = std::move(reader)]() mutable {
          while (!stopped_) {
            reader.read(reader.end(), SIZE_MAX,
                        [](const std::byte*, std::uint32_t) { return RingReader::Record::kTaken; });
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
          }
        }) {}
  ~Drain() { stopped_ = true; }

 private:
  std::atomic<bool> stopped_ = false;
  std::jthread thread_;
};

void kernel_program(benchmark::State& state, Frame frame, std::uint32_t event_bytes) {
  const auto rings = RingSet::create(1, kRingBytes);
  if (!rings) return state.SkipWithError(rings.error().message.c_str());
  const auto program = CaptureProgram::load(settings(event_bytes), *rings, Hooks::kIngress);
  if (!program) return state.SkipWithError(program.error().message.c_str());
  auto reader = RingReader::open(rings->ring_fd(0), kRingBytes);
  if (!reader) return state.SkipWithError(reader.error().message.c_str());
  const Drain drain(std::move(*reader));
  for (auto _ : state) state.SetIterationTime(run_program(*program, frame, kBatch) / 1e9);
  const LiveCounters counted = program->counters(TrafficDirection::kIngress);
  if (counted.by_reason[PACKET_ACCEPTED] + counted.ring_full != counted.seen)
    state.SkipWithError("packets were ignored");
  state.counters["dropped"] = static_cast<double>(counted.ring_full);
}

// A ring filled before, read by a lane: copying, clocks, fragments.
void reader(benchmark::State& state, std::uint32_t event_bytes) {
  const auto rings = RingSet::create(1, kRingBytes);
  if (!rings) return state.SkipWithError(rings.error().message.c_str());
  const auto program = CaptureProgram::load(settings(event_bytes), *rings, Hooks::kIngress);
  if (!program) return state.SkipWithError(program.error().message.c_str());
  auto ring_reader = RingReader::open(rings->ring_fd(0), kRingBytes);
  if (!ring_reader) return state.SkipWithError(ring_reader.error().message.c_str());
  RingLane lane(std::move(*ring_reader), {.event_bytes = event_bytes, .bytes = {}, .clock = capture_clock()});
  Frame frame = udp_frame();
  EventBlock block;
  const auto read_batch = [&] {
    for (std::uint64_t taken = 0; taken < kBatch; taken += block.events.size()) {
      lane.read(block);
      benchmark::DoNotOptimize(block.events.data());
    }
  };
  for (std::uint64_t touched = 0; touched < kRingBytes; touched += kBatch * event_bytes) {  // each page's first time
    run_program(*program, frame, kBatch);
    read_batch();
  }
  for (auto _ : state) {
    state.PauseTiming();
    run_program(*program, frame, kBatch);
    state.ResumeTiming();
    read_batch();
  }
  state.counters["time_per_event"] = benchmark::Counter(static_cast<double>(state.iterations() * kBatch),
                                                        benchmark::Counter::kIsRate | benchmark::Counter::kInvert);
}

BENCHMARK_CAPTURE(kernel_program, udp_96, udp_frame(), 96)
    ->UseManualTime()
    ->Iterations(20)
    ->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(kernel_program, tcp_96, tcp_frame(), 96)
    ->UseManualTime()
    ->Iterations(20)
    ->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(kernel_program, tcp_144, tcp_frame(), 144)
    ->UseManualTime()
    ->Iterations(20)
    ->Unit(benchmark::kNanosecond);
BENCHMARK_CAPTURE(reader, 96, 96)->Iterations(50)->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(reader, 144, 144)->Iterations(50)->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace flowgauge
