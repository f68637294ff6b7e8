// What a run says of itself while it goes on: never less than before, and at the end what its report says.
#include "core/engine/run_status.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <future>
#include <string>
#include <thread>
#include <vector>

#include "core/base/handle.h"
#include "core/engine/run.h"
#include "core/engine/run_live.h"
#include "core/flow/flow_record.h"
#include "core/report/live_report.h"
#include "tests/engine/fake_live_source.h"
#include "tests/support/capture_writer.h"
#include "tests/support/event_builder.h"
#include "tests/support/frame_builder.h"

namespace flowgauge::test {
namespace {

using namespace literals;
namespace fs = std::filesystem;

std::string text_of(const LedgerCounts& ledger) {
  std::string text =
      fmt::format("read {} untimed {} other {}\n", ledger.frames_read, ledger.untimed_frames, ledger.other_partition);
  for (std::size_t reason = 0; reason < ledger.by_reason.size(); ++reason)
    text += fmt::format("{} {}\n", reason_name(static_cast<packet_reason>(reason)), ledger.by_reason[reason]);
  return text;
}

std::string text_of(const FlowCounters& flows) {
  std::string text = fmt::format("packets {} bytes {} flows {} snapshots {} late {} most {}\n", flows.packets,
                                 flows.bytes, flows.flows, flows.snapshots, flows.late_packets, flows.most_flows);
  for (std::size_t reason = 0; reason < kEndReasons; ++reason) text += fmt::format("{} ", flows.ended[reason]);
  return text + "\n";
}

std::string text_of(const FeatureCounters& counters) {
  std::string text;
  for (const std::string& line : counter_texts(counters)) text += line + "\n";
  return text;
}

// All that both know.
std::string text_of(const RunStatus& status) {
  const WorkerStatus total = status.total();
  std::string text = text_of(status.ledger) + text_of(total.flows) + text_of(status.counters);
  text += fmt::format("rows {} packets in rows {} cut {} workers {}\n", total.rows, total.packets_in_rows,
                      total.cut_cells, status.workers.size());
  for (const OutputStatus& output : status.outputs)
    text += fmt::format("{} {} {}\n", output.schema, output.path, output.rows);
  for (const LiveCounters& interface : status.interfaces) text += counters_text(interface) + "\n";
  if (status.files) text += fmt::format("{} bytes of {}\n", status.files->bytes_read, status.files->inputs);
  return text;
}

std::string text_of(const RunReport& report) {
  std::string text = text_of(report.ledger) + text_of(report.counters.flows) + text_of(report.counters.features);
  text += fmt::format("rows {} packets in rows {} cut {} workers {}\n", report.counters.rows,
                      report.counters.packets_in_rows, report.counters.cut_cells, report.threads);
  for (const OutputReport& output : report.outputs)
    text += fmt::format("{} {} {}\n", output.schema, output.path, output.rows);
  if (report.live) {
    for (const LiveCounters& interface : report.live->counters) text += counters_text(interface) + "\n";
    return text;
  }
  std::uint64_t bytes = 0;
  for (const InputReport& input : report.inputs) bytes += input.size_bytes;
  return text + fmt::format("{} bytes of {}\n", bytes, report.inputs.size());
}

// The counters that may only grow.
std::vector<std::uint64_t> counters_of(const RunStatus& status) {
  std::vector<std::uint64_t> counters{status.ledger.frames_read, status.ledger.other_partition};
  counters.insert(counters.end(), status.ledger.by_reason.begin(), status.ledger.by_reason.end());
  for (const WorkerStatus& worker : status.workers) {
    const FlowCounters& flows = worker.flows;
    counters.insert(counters.end(),
                    {flows.packets, flows.bytes, flows.flows, flows.snapshots, flows.late_packets, flows.most_flows,
                     worker.rows, worker.packets_in_rows, worker.cut_cells, worker.ring_drops});
    counters.insert(counters.end(), flows.ended.begin(), flows.ended.end());
  }
  for (const FeatureCounter& counter : status.counters) counters.push_back(counter.value);
  for (const OutputStatus& output : status.outputs) counters.push_back(output.rows);
  if (status.files) counters.insert(counters.end(), {status.files->bytes_read, status.files->inputs_begun});
  counters.push_back(static_cast<std::uint64_t>(status.elapsed.count()));
  return counters;
}

class Status : public testing::Test {
 protected:
  Status() { fs::create_directories(folder_); }
  ~Status() override { fs::remove_all(folder_); }

  [[nodiscard]] std::string table(const std::string& name) const { return (folder_ / name).string(); }

  // Ports 1000 and up in turn; every tenth frame is of no IP.
  [[nodiscard]] std::string capture(const std::string& name, int flows, int packets, std::int64_t begin_ns = 0) const {
    CaptureWriter capture({.nanoseconds = true});
    for (int i = 0; i < packets; ++i) {
      const auto port = static_cast<std::uint16_t>(1000 + i % flows);
      capture.add(begin_ns + i * 1_s,
                  i % 10 == 9 ? frame().eth().bytes()
                              : frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(port, 53).payload(9).bytes());
    }
    capture.save(folder_ / name);
    return (folder_ / name).string();
  }

  template <class Request>
  void set_up(Request& request) const {
    for (const char* name : {"a.csv", "b.csv"})
      request.profile.exporters.push_back(
          {.schema = {"engine_probe", {}, 0}, .plugin = {}, .path = {table(name), {}, 0}});
    request.plugins.directories = {FLOWGAUGE_PROBE_DIR, FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins"};
  }

  RunReport run_files(const RunRequest& request) {
    StopRequest stop;
    auto report = flowgauge::run(request, stop, observer_);
    if (report) return *report;
    ADD_FAILURE() << report.error().message;
    return {};
  }

  void expect_growing() const {
    ASSERT_GE(seen_.size(), 2U);
    for (std::size_t i = 1; i < seen_.size(); ++i) {
      const auto before = counters_of(seen_[i - 1]);
      const auto after = counters_of(seen_[i]);
      ASSERT_EQ(before.size(), after.size());
      for (std::size_t counter = 0; counter < before.size(); ++counter)
        EXPECT_LE(before[counter], after[counter]) << "counter " << counter << " of status " << i;
    }
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-status-test-" + std::to_string(::getpid()));
  std::vector<RunStatus> seen_;
  std::vector<RunStatus> steadily_seen_;  // on a thread of its own until the run ends
  Observer observer_{.status = [this](const RunStatus& status) { seen_.push_back(status); },
                     .every = std::chrono::nanoseconds(1),
                     .steady = [this](const RunStatus& status) { steadily_seen_.push_back(status); },
                     .steadily_every = std::chrono::milliseconds(1)};
};

TEST_F(Status, OfFilesAtTheEndIsTheReport) {
  RunRequest request;
  set_up(request);
  request.force = true;
  request.inputs = {capture("1.pcap", 700, 10'000), capture("2.pcap", 3, 50, 10'000_s)};
  for (const std::uint32_t threads : {1U, 3U}) {
    SCOPED_TRACE(threads);
    request.profile.threads = threads;
    seen_.clear();
    const RunReport report = run_files(request);
    expect_growing();
    const RunStatus& last = seen_.back();
    EXPECT_EQ(last.phase, RunStatus::Phase::kDone);
    EXPECT_EQ(text_of(last), text_of(report));
    EXPECT_EQ(text_of(steadily_seen_.back()), text_of(report));
    EXPECT_EQ(steadily_seen_.back().phase, RunStatus::Phase::kDone);
    EXPECT_EQ(last.ledger.frames_read, 10'050U);
    EXPECT_EQ(last.total().flows.bytes, 9045U * 37);
    EXPECT_EQ(text_of(last.counters), "engine_probe: packets 9,045 packets\n");
    EXPECT_EQ(last.ledger.by_reason[PACKET_NOT_IP], 1005U);
    EXPECT_EQ(last.files->input, request.inputs[1]);
    EXPECT_EQ(last.files->inputs_begun, 2U);
    EXPECT_EQ(last.files->bytes_read, last.files->bytes_total);
    EXPECT_EQ(last.total().open_flows, 0U);
    EXPECT_EQ(last.total().clock_ns, 10'048_s);
    EXPECT_EQ(last.lag.rows, 0U);
    EXPECT_FALSE(last.lag.clock) << "files have no clock to be behind of";
    EXPECT_GT(last.memory_bytes, 0U);
    EXPECT_GT(report.counters.rows, 700U);
  }
}

// Nobody reads the table: the run waits in a write, and is told of all the same.
TEST_F(Status, IsToldSteadilyWhileAnOutputWaits) {
  RunRequest request;
  set_up(request);
  ASSERT_EQ(::mkfifo(table("pipe").c_str(), 0600), 0);
  request.profile.exporters.front().schema.value = "basic";  // its rows are more than a buffer and a pipe hold
  request.profile.exporters.front().path.value = table("pipe");
  request.profile.threads = 1;
  request.inputs = {capture("1.pcap", 60'000, 60'000)};
  std::promise<void> waited;
  observer_.status = nullptr;
  observer_.steady = [&, is_told = false](const RunStatus& status) mutable {
    if (is_told || status.lag.in_write < std::chrono::milliseconds(50)) return;
    EXPECT_EQ(status.lag.written_output, 0U);
    EXPECT_GE(status.lag.writing, status.lag.in_write);
    is_told = true;
    waited.set_value();
  };
  std::jthread read_on([&] {
    const FileDescriptor pipe(::open(table("pipe").c_str(), O_RDONLY | O_CLOEXEC));
    waited.get_future().wait();
    std::array<char, 65'536> part;
    while (::read(pipe.get(), part.data(), part.size()) > 0) {
    }
  });
  EXPECT_EQ(run_files(request).outputs[0].rows, 54'000U);
}

TEST_F(Status, OfFilesTellsWhileItGoesOn) {
  RunRequest request;
  set_up(request);
  request.inputs = {capture("1.pcap", 700, 10'000)};
  request.profile.threads = 1;
  run_files(request);
  const RunStatus& first = seen_.front();  // after the first block
  EXPECT_EQ(first.phase, RunStatus::Phase::kRunning);
  EXPECT_EQ(first.ledger.accepted(), kBlockEvents);
  EXPECT_EQ(first.total().flows.packets, kBlockEvents);
  EXPECT_EQ(first.counters, (FeatureCounters{{"engine_probe", "packets", FG_UNIT_PACKETS, kBlockEvents}}));
  EXPECT_EQ(first.total().open_flows + first.rows(), first.total().flows.flows);
  EXPECT_EQ(first.files->input, request.inputs[0]);
}

TEST_F(Status, SaysWhatIsLeftToOtherRuns) {
  RunRequest request;
  set_up(request);
  request.inputs = {capture("1.pcap", 700, 10'000)};
  request.profile.threads = 1;
  request.partitions = *parse_partitions("0-63");
  const RunReport report = run_files(request);
  expect_growing();
  EXPECT_EQ(text_of(seen_.back()), text_of(report));
  EXPECT_GT(seen_.back().ledger.other_partition, 0U);
}

TEST_F(Status, OfARunWithoutPacketsHasNoClock) {
  RunRequest request;
  set_up(request);
  request.inputs = {capture("none.pcap", 1, 0)};
  const RunReport report = run_files(request);
  EXPECT_EQ(text_of(seen_.back()), text_of(report));
  EXPECT_EQ(seen_.back().total().clock_ns, kNoClock);
}

TEST_F(Status, NobodyNeedsToWatch) {
  RunRequest request;
  set_up(request);
  request.inputs = {capture("1.pcap", 3, 10)};
  observer_ = {};
  EXPECT_EQ(run_files(request).counters.rows, 3U);
}

TEST_F(Status, OfLanesAtTheEndIsTheReport) {
  LiveRequest request;
  set_up(request);
  request.interfaces = {"fake0"};
  std::vector<std::vector<FakeBlock>> lanes(3);
  for (std::uint16_t lane = 0; lane < 3; ++lane)
    for (int i = 0; i < 50 * (lane + 1); ++i)
      lanes[lane].push_back(
          {{event().udp("10.0.0.1", static_cast<std::uint16_t>(10'000 * lane + i + 1), "10.0.0.2", 53).at(i * 50_s)}});
  StopRequest stop;
  auto source = std::make_unique<FakeLiveSource>(std::move(lanes));
  source->ring_full = 7;
  source->lost_before = 2;
  source->when_quiet = [&] { stop.request(); };
  const OpenLive open = [&](const LiveOptions&) -> Result<std::unique_ptr<LiveSource>> { return std::move(source); };
  const auto report = run_live(request, {open, {}}, stop, observer_);
  ASSERT_TRUE(report);
  expect_growing();
  const RunStatus& last = seen_.back();
  EXPECT_EQ(last.phase, RunStatus::Phase::kDone);
  EXPECT_EQ(text_of(last), text_of(*report));
  ASSERT_EQ(last.workers.size(), 3U);
  for (std::size_t lane = 0; lane < 3; ++lane) {
    EXPECT_EQ(last.workers[lane].flows.packets, 50 * (lane + 1));
    EXPECT_EQ(last.workers[lane].ring_drops, 7U);
    EXPECT_EQ(last.workers[lane].clock_ns, static_cast<std::int64_t>(50 * (lane + 1) - 1) * 50_s);
  }
  EXPECT_EQ(last.total().clock_ns, 49 * 50_s) << "that of the slowest lane";
  EXPECT_GT(*last.lag.clock, std::chrono::years(40));
  EXPECT_EQ(last.lag.rows, 0U);
}

TEST(WorkerStatus, TheClockOfSeveralIsThatOfTheSlowest) {
  WorkerStatus total;
  EXPECT_EQ(total.clock_ns, kNoClock);
  for (const auto& [clock, slowest] :
       {std::pair{kNoClock, kNoClock}, {7_s, 7_s}, {9_s, 7_s}, {kNoClock, 7_s}, {-1_s, -1_s}}) {
    WorkerStatus one;
    one.clock_ns = clock;
    total += one;
    EXPECT_EQ(total.clock_ns, slowest);
  }
}

}  // namespace
}  // namespace flowgauge::test
