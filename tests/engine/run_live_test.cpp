// Live runs: what ends them, what they leave behind, and that rows are there while they go on. Packets come by script.
#include "core/engine/run_live.h"

#include <fcntl.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>

#include "core/base/handle.h"
#include "core/base/try.h"
#include "core/flow/flow_key.h"
#include "tests/engine/fake_live_source.h"
#include "tests/support/event_builder.h"
#include "tests/support/file_text.h"

namespace flowgauge::test {
namespace {

using namespace literals;
using testing::ElementsAre;
using testing::HasSubstr;
namespace fs = std::filesystem;

using Lanes = std::vector<std::vector<FakeBlock>>;

constexpr std::chrono::seconds kPatience{30};  // for what must come; a test that passes never waits so long

EventBuilder packet(std::uint16_t port) { return event().udp("10.0.0.1", port, "10.0.0.2", 53); }

class RunLive : public testing::Test {
 protected:
  RunLive() {
    fs::create_directories(folder_);
    request_.interfaces = {"fake0"};
    request_.plugins.directories = {FLOWGAUGE_PROBE_DIR, FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins"};
    request_.profile.exporters = {{.schema = {"engine_probe", {}, 0}, .plugin = {}, .path = {table().string(), {}, 0}}};
  }
  ~RunLive() override { fs::remove_all(folder_); }

  [[nodiscard]] fs::path table() const { return folder_ / "out.csv"; }
  [[nodiscard]] fs::path part() const { return folder_ / "out.csv.part"; }

  void set_option(const char* name, const char* value) {
    request_.profile.features = {
        {.name = {"engine_probe", {}, 0}, .plugin = {}, .options = {{{name, {}, 0}, {value, {}, 0}}}}};
  }

  std::unique_ptr<FakeLiveSource> source(Lanes lanes) {
    auto made = std::make_unique<FakeLiveSource>(std::move(lanes));
    made->when_quiet = [this] { stop_.request(); };
    return made;
  }

  Result<RunReport> run(std::unique_ptr<FakeLiveSource> source) {
    const OpenLive open = [&](const LiveOptions& options) -> Result<std::unique_ptr<LiveSource>> {
      options_ = options;
      return std::move(source);
    };
    return run_live(request_, {open, on_attached_}, stop_, observer_);
  }

  RunReport report_of(std::unique_ptr<FakeLiveSource> source) {
    auto report = run(std::move(source));
    if (report) return *report;
    ADD_FAILURE() << report.error().message;
    return {};
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-live-test-" + std::to_string(::getpid()));
  LiveRequest request_;
  LiveOptions options_;
  Observer observer_;
  OnAttached on_attached_ = [](LiveSource&) { return Result<void>(); };
  StopRequest stop_;
};

// ---------------------------------------------------------------- ends

TEST_F(RunLive, AStopIsAGoodEndAndExportsWhatIsOpen) {
  const RunReport report = report_of(source({{{{packet(1).at(1_s), packet(2).at(2_s), packet(1).at(3_s)}}}}));
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,2,0,4\n2,1,0,4\n");
  EXPECT_FALSE(fs::exists(part()));
  EXPECT_EQ(report.exit_code, ExitCode::kOk);
  EXPECT_FALSE(report.interrupted);
  EXPECT_EQ(report.live->end, LiveEnd::kStopped);
  EXPECT_TRUE(report.ledger_balances());
  EXPECT_EQ(report.ledger.frames_read, 3U);
  EXPECT_TRUE(report.outputs.at(0).complete);
  EXPECT_EQ(report.inputs.at(0).name, "fake0");
  EXPECT_TRUE(report.warnings.empty());
}

TEST_F(RunLive, TheDurationEndsIt) {
  auto quiet = source({{{{packet(1).at(1_s)}}}});
  quiet->when_quiet = nullptr;
  request_.limits.duration = std::chrono::milliseconds(1);
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.live->end, LiveEnd::kDuration);
  EXPECT_EQ(report.exit_code, ExitCode::kOk);
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,1,0,4\n");
}

TEST_F(RunLive, SoManyPacketsEndIt) {
  auto quiet = source({{{{packet(1).at(1_s)}}, {{packet(1).at(2_s), packet(1).at(3_s)}}}});
  quiet->when_quiet = nullptr;
  request_.limits.max_packets = 3;
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.live->end, LiveEnd::kMaxPackets);
  EXPECT_EQ(report.exit_code, ExitCode::kOk);
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,3,0,4\n");
}

// The pipe is full before the run begins, so that not even the header comes through.
TEST_F(RunLive, ALimitEndsItWhereAReaderTakesNothing) {
  ASSERT_EQ(::mkfifo(table().c_str(), 0600), 0);
  const FileDescriptor pipe(::open(table().c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC));
  ASSERT_GT(::fcntl(pipe.get(), F_SETPIPE_SZ, 4096), 0);
  while (::write(pipe.get(), "x", 1) == 1) {
  }
  auto quiet = source({{{{packet(1).at(1_s)}}}});
  quiet->when_quiet = nullptr;
  request_.limits.max_packets = 1;
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.exit_code, ExitCode::kOutput);
  EXPECT_FALSE(stop_.requested()) << "that is the caller's";
  ASSERT_FALSE(report.problems.empty());
  EXPECT_THAT(report.problems[0].message,
              HasSubstr("out.csv: its reader took nothing for 5 s after the run was asked to end"));
  EXPECT_EQ(report.ledger.frames_read, 1U) << "packets are read nevertheless";
}

TEST_F(RunLive, InterfacesThatAreLostEndItWithTheirCode) {
  auto quiet = source({{{{packet(1).at(1_s)}}}});
  quiet->when_quiet = nullptr;
  quiet->watched = [] { return Sight::kAllLost; };
  request_.profile.live.until_down = true;
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.live->end, LiveEnd::kInterfacesLost);
  EXPECT_EQ(report.exit_code, ExitCode::kInput);
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.problems[0].message,
            "all interfaces are gone or down; the rows are of all packets that came before");
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,1,0,4\n") << "nothing is missing: it has its name";
}

TEST_F(RunLive, InterfacesThatAreLostEndNothingByThemselves) {
  auto quiet = source({{{{packet(1).at(1_s)}}}});
  quiet->when_quiet = nullptr;
  int asked = 0;
  quiet->watched = [&] {
    if (++asked == 3) stop_.request();
    return Sight::kAllLost;
  };
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.live->end, LiveEnd::kStopped);
  EXPECT_EQ(report.exit_code, ExitCode::kOk);
}

TEST_F(RunLive, ASourceThatSeesNothingAnyMoreEndsItWithItsReason) {
  auto blind = source({{{{packet(1).at(1_s)}}}});
  blind->when_quiet = nullptr;
  blind->watched = [] { return fail(ExitCode::kInput, "fake0 cannot be attached again"); };
  const RunReport report = report_of(std::move(blind));
  EXPECT_EQ(report.live->end, LiveEnd::kDetached);
  EXPECT_EQ(report.exit_code, ExitCode::kInput);
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_EQ(report.problems[0].message, "fake0 cannot be attached again");
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,1,0,4\n") << "nothing is missing: it has its name";
}

TEST_F(RunLive, ASourceThatEndsByItselfHasLostItsInterfaces) {
  auto gone = source({{{{packet(1).at(1_s)}}}, {{{packet(2).at(1_s)}}}});
  gone->when_quiet = nullptr;
  gone->ends_by_itself = true;
  const RunReport report = report_of(std::move(gone));
  EXPECT_EQ(report.live->end, LiveEnd::kInterfacesLost);
  EXPECT_EQ(report.exit_code, ExitCode::kInput);
  EXPECT_EQ(report.counters.rows, 2U);
}

// ---------------------------------------------------------------- rows while it goes on

TEST_F(RunLive, AFlowOnAQuietWireIsInTheFileWhileTheRunGoesOn) {
  auto quiet = source({{{{packet(1).at(1000_s)}, 1000_s}, {{}, 1120_s}, {{}, 1121_s}, {{packet(2).at(1122_s)}}}});
  quiet->when_quiet = nullptr;
  bool there = false;
  const auto begin = std::chrono::steady_clock::now();
  observer_.status = [&](const RunStatus& status) {
    if (status.phase == RunStatus::Phase::kDone) return;
    there = file_text(part()) == "port,packets,snapshot,reason\n1,1,0,1\n";
    if (there) {
      EXPECT_EQ(status.rows(), 1U);
      EXPECT_EQ(status.total().open_flows, 1U);
      EXPECT_EQ(status.interfaces.at(0).seen, 2U);
    }
    if (there || std::chrono::steady_clock::now() - begin > kPatience) stop_.request();
  };
  report_of(std::move(quiet));
  EXPECT_TRUE(there);
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,1,0,1\n2,1,0,4\n");
}

TEST_F(RunLive, WhenTheWallClockIsSetFlowsAreAsOldAsBefore) {
  // 100 s before the step and 19 s behind it: still in time.
  report_of(source({{{{packet(1).at(1000_s)}, 1100_s},
                     {{packet(1).at(5019_s + 100_s)}, 5121_s, 4000_s},
                     {{packet(1).at(5119_s + 121_s)}, 5250_s}}}));
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,2,0,1\n1,1,0,4\n");
}

TEST_F(RunLive, StatusComesAtItsIntervalAndOnceAtTheEnd) {
  auto quiet = source({{{{packet(1).at(1_s)}}}});
  quiet->when_quiet = nullptr;
  observer_.every = std::chrono::milliseconds(1);
  std::vector<RunStatus::Phase> phases;
  observer_.status = [&](const RunStatus& status) {
    EXPECT_EQ(status.interfaces.at(0).interface, "fake0");
    EXPECT_GE(status.elapsed, observer_.every);
    phases.push_back(status.phase);
    if (phases.size() == 3) stop_.request();
  };
  report_of(std::move(quiet));
  ASSERT_GE(phases.size(), 4U);
  EXPECT_EQ(std::vector(phases.begin(), phases.begin() + 3), std::vector(3, RunStatus::Phase::kRunning));
  EXPECT_EQ(phases.back(), RunStatus::Phase::kDone);
  EXPECT_TRUE(std::is_sorted(phases.begin(), phases.end())) << "running, ending, done: never back";
  EXPECT_EQ(std::ranges::count(phases, RunStatus::Phase::kDone), 1);
}

// ---------------------------------------------------------------- lanes

TEST_F(RunLive, TheRowsOfALaneKeepTheirOrder) {
  // Each lane has flows of its own ports, which idle out one after another; lanes are as uneven as may be.
  constexpr std::uint16_t kLanes = 4;
  Lanes lanes(kLanes);
  std::size_t flows = 0;
  for (std::uint16_t lane = 0; lane < kLanes; ++lane) {
    for (std::uint16_t i = 0; i < 300 * (lane + 1); ++i) {
      FakeBlock& block = lanes[lane].emplace_back();
      block.events = {packet(static_cast<std::uint16_t>(10'000 * (lane + 1) + i)).at(i * 200_s)};
      ++flows;
    }
  }
  const RunReport report = report_of(source(lanes));
  EXPECT_TRUE(report.ledger_balances());
  EXPECT_EQ(report.threads, kLanes);
  EXPECT_EQ(report.counters.rows, flows);
  std::istringstream rows(file_text(table()));
  std::map<int, int> next;  // by lane
  std::string row;
  std::getline(rows, row);
  while (std::getline(rows, row)) {
    const int port = std::stoi(row);
    EXPECT_EQ(port % 10'000, next[port / 10'000]++) << row;
  }
  EXPECT_EQ(next[1] + next[2] + next[3] + next[4], static_cast<int>(flows));
}

TEST_F(RunLive, LanesShareTheFlowsThatThereMayBe) {
  std::vector<std::uint16_t> ports;  // of one partition
  const std::uint8_t partition = partition_of(key_of(packet(1), KeyRule::kFull).key);
  for (std::uint16_t port = 1; ports.size() < 2; ++port)
    if (partition_of(key_of(packet(port), KeyRule::kFull).key) == partition) ports.push_back(port);
  const FakeBlock two{{packet(ports[0]).at(1_s), packet(ports[1]).at(2_s)}};
  request_.profile.flow.max_flows = std::uint64_t{2} * kPartitions;
  request_.profile.flow.hash_seed = kPartitionSeed;
  EXPECT_EQ(report_of(source({{two}})).counters.flows.ended[static_cast<std::size_t>(EndReason::kLackOfResources)], 0U);
  request_.force = true;
  auto half = std::make_unique<FakeLiveSource>(Lanes{{two}, {}});
  half->ends_by_itself = true;
  EXPECT_EQ(report_of(std::move(half)).counters.flows.ended[static_cast<std::size_t>(EndReason::kLackOfResources)], 1U);
}

// ---------------------------------------------------------------- losses and failures

TEST_F(RunLive, LossesAreSaidWithWhatToDo) {
  auto lossy = source({{{{packet(1).at(1_s)}}}});
  lossy->ring_full = 6;
  lossy->lost_before = 3;
  const RunReport report = report_of(std::move(lossy));
  EXPECT_EQ(report.exit_code, ExitCode::kOk);
  EXPECT_THAT(
      report.warnings,
      ElementsAre("9 packets of 10 were lost, because packets came faster than the run could process "
                  "them. Some flows have too few packets and bytes; take larger rings (--ring-size), more of them on "
                  "more cores (--rings), or fewer columns"));
  EXPECT_EQ(report.ledger.frames_read, 7U);
  EXPECT_TRUE(report.ledger_balances()) << "7 seen = 1 in flows + 6 lost";
}

TEST_F(RunLive, AnOutputThatFailsEndsIt) {
  request_.profile.exporters[0].path.value = "/dev/full";
  auto quiet = source({{{{packet(1).at(1_s)}, 130_s}}});
  quiet->when_quiet = nullptr;
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.exit_code, ExitCode::kOutput);
  EXPECT_EQ(report.live->end, LiveEnd::kFailed);
  EXPECT_THAT(report.problems.at(0).message, HasSubstr("/dev/full"));
}

TEST_F(RunLive, APluginThatFailsEndsItAndTheRowsStay) {
  set_option("fail_at_length", "128");
  auto quiet = source({{{{packet(1).at(1_s)}, 130_s}, {{packet(2).payload(100).at(131_s), packet(3).at(132_s)}}}});
  quiet->when_quiet = nullptr;
  const RunReport report = report_of(std::move(quiet));
  EXPECT_EQ(report.exit_code, ExitCode::kPlugin);
  EXPECT_EQ(report.live->end, LiveEnd::kFailed);
  EXPECT_EQ(file_text(part()), "port,packets,snapshot,reason\n1,1,0,1\n");
  EXPECT_FALSE(fs::exists(table()));
}

TEST_F(RunLive, WhereNothingCanBeAttachedNoFileIsLeft) {
  on_attached_ = [](LiveSource&) { return fail(ExitCode::kPrivilege, "no"); };
  request_.profile.exporters[0].metadata = true;
  const auto report = run(source({{}}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ExitCode::kPrivilege);
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(RunLive, OutputsAreOpenedOnceCapabilitiesAreGivenUp) {
  bool was_attached = false;
  on_attached_ = [&](LiveSource&) -> Result<void> {
    was_attached = true;
    EXPECT_TRUE(fs::is_empty(folder_));
    return {};
  };
  report_of(source({{{{packet(1).at(1_s)}}}}));
  EXPECT_TRUE(was_attached);
  EXPECT_EQ(file_text(table()), "port,packets,snapshot,reason\n1,1,0,4\n");
}

TEST_F(RunLive, AnOutputThatIsThereIsRefusedBeforeAnythingIsAttached) {
  std::ofstream(table()) << "mine";
  on_attached_ = [](LiveSource&) -> Result<void> {
    ADD_FAILURE();
    return {};
  };
  const auto report = run(source({{}}));
  ASSERT_FALSE(report);
  EXPECT_EQ(report.error().code, ExitCode::kOutput);
  EXPECT_EQ(file_text(table()), "mine");
}

// ---------------------------------------------------------------- what a source is asked for

TEST_F(RunLive, TheProfileSaysHowToCapture) {
  ProfileLive& live = request_.profile.live;
  live = {{CaptureMethod::kPcap, AttachMethod::kClsact, true, true, 4, 1 << 20, false, true, false}, 0};
  request_.profile.packets.filter.value = "udp";
  report_of(source({{}}));
  EXPECT_EQ(options_.interfaces, std::vector<std::string>{"fake0"});
  EXPECT_EQ(options_.capture, CaptureMethod::kPcap);
  EXPECT_EQ(options_.attach, AttachMethod::kClsact);
  EXPECT_TRUE(options_.ingress_only);
  EXPECT_TRUE(options_.merge_interfaces);
  EXPECT_FALSE(options_.promiscuous);
  EXPECT_TRUE(options_.wait);
  EXPECT_EQ(options_.rings, 4U);
  EXPECT_EQ(options_.ring_bytes, 1U << 20);
  EXPECT_EQ(options_.filter, "udp");
  EXPECT_FALSE(options_.bytes.any());
}

TEST_F(RunLive, OfAnEventNoMoreIsAskedForThanColumnsNeed) {
  report_of(source({{}}));
  EXPECT_EQ(options_.event_bytes, 96U);
  ProfileExporter& table = request_.profile.exporters[0];
  request_.force = true;
  const auto bytes_with = [&](std::initializer_list<const char*> columns) {
    table.columns.clear();
    for (const char* column : columns)
      table.columns.push_back({.name = {column, {}, 0}, .expression = {column, {}, 0}});
    report_of(source({{}}));
    return options_.event_bytes;
  };
  EXPECT_EQ(bytes_with({"flow.id", "flow.tunnel_type"}), 96U);
  EXPECT_EQ(bytes_with({"flow.outer_src_ip"}), 128U);
  EXPECT_EQ(bytes_with({"flow.outer_dst_ip", "flow.id"}), 128U);
  EXPECT_EQ(bytes_with({"flow.src_mac"}), 144U);
  EXPECT_EQ(bytes_with({"flow.outer_src_ip", "flow.dst_mac"}), 144U);
}

}  // namespace
}  // namespace flowgauge::test
