// Whole runs: captures in, rows out, whatever the threads; failures on the way.
#include "core/engine/run.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/engine/table_merge.h"
#include "tests/support/address.h"
#include "tests/support/capture_writer.h"
#include "tests/support/file_text.h"
#include "tests/support/frame_builder.h"
#include "tests/support/udp_capture.h"

namespace flowgauge::test {
namespace {

using namespace literals;
namespace fs = std::filesystem;

class Run : public testing::Test {
 protected:
  Run() { fs::create_directories(folder_); }
  ~Run() override { fs::remove_all(folder_); }

  fs::path write(const std::string& name, const CaptureWriter& capture) const {
    capture.save(folder_ / name);
    return folder_ / name;
  }

  RunRequest request(const std::vector<fs::path>& inputs, const std::string& schema = "engine_probe") const {
    RunRequest request;
    for (const fs::path& input : inputs) request.inputs.push_back(input.string());
    request.profile.threads = 1;
    request.profile.exporters = {
        {.schema = {schema, {}, 0}, .plugin = {}, .path = {(folder_ / "out.csv").string(), {}, 0}}};
    request.plugins.directories = {FLOWGAUGE_PROBE_DIR, FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins"};
    return request;
  }

  static void set_option(RunRequest& request, const char* name, const char* value) {
    request.profile.features = {
        {.name = {"engine_probe", {}, 0}, .plugin = {}, .options = {{{name, {}, 0}, {value, {}, 0}}}}};
  }

  static RunReport run_it(const RunRequest& request) {
    StopRequest stop;
    auto report = flowgauge::run(request, stop, {});
    if (!report) {
      ADD_FAILURE() << report.error().message;
      return {};
    }
    return *report;
  }

  static Error refusal(const RunRequest& request) {
    StopRequest stop;
    const auto report = flowgauge::run(request, stop, {});
    return report ? Error{ExitCode::kOk, "the run was not refused"} : report.error();
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge-run-test-" + std::to_string(::getpid()));
};

TEST_F(Run, WritesRowsInReleaseOrderAndBalancesTheLedger) {
  const RunReport report = run_it(request({write("a.pcap", udp_capture(2, 5))}));
  EXPECT_EQ(file_text(folder_ / "out.csv"), "port,packets,snapshot,reason\n1000,3,0,4\n1001,2,0,4\n");
  EXPECT_EQ(report.exit_code, ExitCode::kOk);
  EXPECT_TRUE(report.ledger_balances());
  EXPECT_EQ(report.ledger.frames_read, 5U);
  EXPECT_EQ(report.counters.rows, 2U);
}

TEST_F(Run, OneToFourThreadsWriteTheSameBytes) {
  const fs::path capture = write("a.pcap", udp_capture(97, 3000));
  RunRequest wanted = request({capture});
  wanted.profile.flow.idle_timeout_ns = 60_s;
  wanted.profile.flow.early_export_ns = 20_s;
  wanted.force = true;
  run_it(wanted);
  const std::string expected = file_text(folder_ / "out.csv");
  EXPECT_GT(expected.size(), 1000U);
  for (const std::uint32_t threads : {2U, 3U, 4U}) {
    wanted.profile.threads = threads;
    const RunReport report = run_it(wanted);
    EXPECT_TRUE(report.ledger_balances());
    EXPECT_EQ(file_text(folder_ / "out.csv"), expected) << threads << " threads";
  }
}

TEST_F(Run, APartHasTheWholeRunsRowsOfItsPartitionsAndALedgerThatBalances) {
  const fs::path capture = write("a.pcap", udp_capture(97, 3000));
  RunRequest wanted = request({capture});
  wanted.profile.flow.early_export_ns = 20_s;
  wanted.force = true;
  const RunReport whole = run_it(wanted);
  EXPECT_EQ(whole.partitions, "");
  const std::string expected = file_text(folder_ / "out.csv");
  wanted.order_columns = OrderColumns::kAppended;
  std::vector<std::string> parts;
  std::uint64_t packets = 0;
  for (const char* partitions : {"0-99", "100,102-255", "101"}) {
    wanted.partitions = *parse_partitions(partitions);
    wanted.profile.threads = parts.size() + 1;
    const std::string path = (folder_ / ("part" + std::to_string(parts.size()))).string();
    wanted.profile.exporters.front().path = {path, {}, 0};
    const RunReport report = run_it(wanted);
    EXPECT_EQ(report.partitions, partitions);
    EXPECT_TRUE(report.ledger_balances());
    EXPECT_EQ(report.ledger.accepted() + report.ledger.other_partition, 3000U);
    EXPECT_EQ(report.ledger.accepted(), report.counters.flows.packets);
    packets += report.counters.flows.packets;
    parts.push_back(path);
  }
  EXPECT_EQ(packets, 3000U);
  StopRequest stop;
  const auto merged = merge_tables({.inputs = parts, .output = (folder_ / "merged.csv").string()}, stop);
  ASSERT_TRUE(merged) << merged.error().message;
  EXPECT_EQ(*merged, whole.counters.rows);
  EXPECT_EQ(file_text(folder_ / "merged.csv"), expected);
}

TEST_F(Run, OrderColumnsAreRefusedWhereTheirClassesAreExcluded) {
  RunRequest wanted = request({write("a.pcap", udp_capture(2, 5))});
  wanted.order_columns = OrderColumns::kAppended;
  wanted.profile.contamination = {FG_REVEALS_TOOL, {}, 0};
  const Error error = refusal(wanted);
  EXPECT_EQ(error.code, ExitCode::kUsage);
  EXPECT_THAT(error.message, testing::HasSubstr("flow.release_frame"));
}

// Each of the conversations has a tag in one direction; before the first of them, and beside them, flows without any.
CaptureWriter half_tagged(int conversations) {
  CaptureWriter capture({.nanoseconds = true});
  capture.add(0_s, frame().eth().ipv4("10.0.0.3", "10.0.0.4").udp(1, 2).bytes());
  for (int i = 0; i < conversations; ++i) {
    const auto port = static_cast<std::uint16_t>(i);
    capture.add(1_s + i * 1_ms, frame().eth().vlan(100).ipv4("10.0.0.1", "10.0.0.2").udp(port, 53).bytes());
    capture.add(1_s + i * 1_ms + 1, frame().eth().ipv4("10.0.0.2", "10.0.0.1").udp(53, port).bytes());
    capture.add(1_s + i * 1_ms + 2, frame().eth().ipv4("10.0.0.5", "10.0.0.6").udp(port, 53).bytes());
  }
  return capture;
}

TEST_F(Run, HalvesOfConversationsAreCountedTheSameByAnyNumberOfThreads) {
  for (const auto& [conversations, is_estimate] : {std::pair{1000, false}, {8000, true}}) {
    RunRequest wanted = request({write("half.pcap", half_tagged(conversations))});
    wanted.force = true;
    const RunReport alone = run_it(wanted);
    EXPECT_EQ(alone.vlan_halves.is_estimate, is_estimate);
    EXPECT_NEAR(static_cast<double>(alone.vlan_halves.conversations), conversations, is_estimate ? 1000 : 0);
    for (const std::uint32_t threads : {2U, 3U, 7U}) {
      wanted.profile.threads = threads;
      const RunReport together = run_it(wanted);
      EXPECT_EQ(together.vlan_halves.conversations, alone.vlan_halves.conversations) << threads;
      EXPECT_EQ(together.vlan_halves.is_estimate, is_estimate) << threads;
    }
  }
}

TEST_F(Run, HalvesAreOfOneStreamAndOfTheFullKeyAlone) {
  const auto half = [&](const char* name, bool tagged) {
    CaptureWriter capture({.nanoseconds = true});
    if (tagged)
      capture.add(1_s, frame().eth().vlan(100).ipv4("10.0.0.1", "10.0.0.2").udp(1, 53).bytes());
    else
      capture.add(2_s, frame().eth().ipv4("10.0.0.2", "10.0.0.1").udp(53, 1).bytes());
    return write(name, capture);
  };
  RunRequest wanted = request({half("a.pcap", true), half("b.pcap", false)});
  wanted.force = true;
  EXPECT_EQ(run_it(wanted).vlan_halves.conversations, 1U);
  for (const auto key : {KeyRule::kNoVlan, KeyRule::kFiveTuple}) {
    wanted.profile.flow.flow_key = key;
    EXPECT_EQ(run_it(wanted).vlan_halves.conversations, 0U);
  }
  wanted.profile.flow.flow_key = KeyRule::kFull;
  wanted.naming = OutputNaming::kOnePerInput;
  wanted.profile.exporters[0].path.value = (folder_ / "tables").string();
  EXPECT_EQ(run_it(wanted).vlan_halves.conversations, 0U) << "each file by itself";
}

TEST_F(Run, SnapshotsAreRowsOutsideTheLedger) {
  RunRequest wanted = request({write("a.pcap", udp_capture(1, 5))});
  wanted.profile.flow.early_export_ns = 2_s;
  const RunReport report = run_it(wanted);
  // Packets at 0..4 s: the one at 3 s passes 2 s; that at 4 s is exactly a multiple.
  EXPECT_EQ(file_text(folder_ / "out.csv"), "port,packets,snapshot,reason\n1000,3,1,2\n1000,5,0,4\n");
  EXPECT_EQ(report.counters.flows.snapshots, 1U);
  EXPECT_TRUE(report.ledger_balances());
}

TEST_F(Run, SeveralFilesAreOneStream) {
  CaptureWriter second({.nanoseconds = true});
  second.add(5_s, frame().eth().ipv4("10.0.0.2", "10.0.0.1").udp(53, 1000).bytes());
  run_it(request({write("a.pcap", udp_capture(1, 2)), write("b.pcap", second)}));
  EXPECT_EQ(file_text(folder_ / "out.csv"), "port,packets,snapshot,reason\n1000,3,0,4\n");
}

TEST_F(Run, OneTablePerInput) {
  RunRequest wanted = request({write("a.pcap", udp_capture(1, 2)), write("b.pcap", udp_capture(1, 3))});
  wanted.naming = OutputNaming::kOnePerInput;
  wanted.profile.exporters.front().path.value = (folder_ / "tables").string();
  const RunReport report = run_it(wanted);
  EXPECT_EQ(file_text(folder_ / "tables/a.pcap.csv"), "port,packets,snapshot,reason\n1000,2,0,4\n");
  EXPECT_EQ(file_text(folder_ / "tables/b.pcap.csv"), "port,packets,snapshot,reason\n1000,3,0,4\n");
  EXPECT_EQ(report.ledger.frames_read, 5U);
  EXPECT_TRUE(report.ledger_balances());
}

TEST_F(Run, FramesWithoutIpAreToldApartInAllStreams) {
  CaptureWriter first;
  first.add(1_s, frame().eth().next(0x0806).payload(28).bytes())
      .add(2_s, frame().eth().next(0x88cc).payload(28).bytes());
  CaptureWriter second;
  second.add(1_s, frame().eth().next(0x0806).payload(28).bytes());
  RunRequest wanted = request({write("a.pcap", first), write("b.pcap", second)});
  for (const OutputNaming naming : {OutputNaming::kOnePerExporter, OutputNaming::kOnePerInput}) {
    wanted.naming = naming;
    wanted.profile.exporters[0].path.value =
        (folder_ / (naming == OutputNaming::kOnePerInput ? "rows" : "out")).string();
    std::string kinds;
    for (const auto& [kind, frames] : run_it(wanted).ledger.not_ip.commonest())
      kinds += fmt::format("{} {}, ", not_ip_name(kind), frames);
    EXPECT_EQ(kinds, "ARP 2, LLDP 1, ");
  }
}

TEST_F(Run, TablesPerInputNeedAFolderAndDifferentNames) {
  RunRequest wanted = request({write("a.pcap", udp_capture(1, 2))});
  wanted.naming = OutputNaming::kOnePerInput;
  wanted.profile.exporters.front().path.value = "-";
  EXPECT_EQ(refusal(wanted).message, "--per-file: name a folder for the tables with --export-path FOLDER");
  fs::create_directories(folder_ / "other");
  wanted.profile.exporters.front().path.value = (folder_ / "tables").string();
  wanted.inputs.push_back(write("other/a.pcap", udp_capture(1, 1)).string());
  EXPECT_EQ(refusal(wanted).message,
            (folder_ / "tables/a.pcap.csv").string() +
                ": two inputs would be written to it; give inputs of one file name in separate runs");
}

TEST_F(Run, SeveralSchemasFromOnePass) {
  RunRequest wanted = request({write("a.pcap", udp_capture(1, 2))});
  wanted.profile.exporters.push_back(
      {.schema = {"cidds", {}, 0}, .plugin = {}, .path = {(folder_ / "cidds.csv").string(), {}, 0}});
  const RunReport report = run_it(wanted);
  EXPECT_EQ(file_text(folder_ / "cidds.csv"),
            "Src IP,Src Port,Dst IP,Dst Port,Proto,Date first seen,Duration,Bytes,Packets,Flags\n"
            "10.0.0.1,1000,10.0.0.2,53,UDP,1970-01-01 00:00:00.000000 UTC,1000,57,2,......\n");
  ASSERT_EQ(report.outputs.size(), 2U);
  EXPECT_EQ(report.outputs[1].rows, 1U);
  EXPECT_EQ(report.ledger.frames_read, 2U);
}

TEST_F(Run, APluginThatFailsInUpdateStopsTheRunAndKeepsTheRows) {
  for (const std::uint32_t threads : {1U, 3U}) {
    // Flow of frame 0 expires at frame 200; the packet with 28 + 2100 bytes, in the next block, is the poison.
    CaptureWriter capture({.nanoseconds = true});
    capture.add(0, frame().eth().ipv4("10.0.0.9", "10.0.0.2").udp(7, 53).payload(1).bytes());
    static_assert(kBlockEvents < 2100);
    for (int i = 1; i < 2200; ++i)
      capture.add(
          i * 1_s,
          frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 53).payload(static_cast<std::uint32_t>(i)).bytes());
    RunRequest wanted = request({write("a.pcap", capture)});
    wanted.profile.threads = threads;
    wanted.force = true;
    set_option(wanted, "fail_at_length", "2128");
    const RunReport report = run_it(wanted);
    EXPECT_EQ(report.exit_code, ExitCode::kPlugin);
    ASSERT_EQ(report.problems.size(), 1U);
    EXPECT_THAT(report.problems.front().message, testing::HasSubstr("engine_probe"));
    EXPECT_THAT(report.problems.front().message, testing::HasSubstr("this length is not for me"));
    EXPECT_EQ(file_text(folder_ / "out.csv.part"), "port,packets,snapshot,reason\n7,1,0,1\n");
    EXPECT_FALSE(fs::exists(folder_ / "out.csv"));
    EXPECT_EQ(report.ledger.accepted(), report.counters.flows.packets);
  }
}

TEST_F(Run, APluginThatFailsInEmitStopsTheRun) {
  RunRequest wanted = request({write("a.pcap", udp_capture(2, 5))});
  set_option(wanted, "fail_at_packets", "3");
  const RunReport report = run_it(wanted);
  EXPECT_EQ(report.exit_code, ExitCode::kPlugin);
  EXPECT_EQ(file_text(folder_ / "out.csv.part"), "port,packets,snapshot,reason\n");
  EXPECT_FALSE(report.ledger_balances());
}

TEST_F(Run, AFullDiskStopsTheRun) {
  RunRequest wanted = request({write("a.pcap", udp_capture(500, 20'000))});
  wanted.profile.exporters.front().path.value = "/dev/full";
  wanted.force = true;
  const RunReport report = run_it(wanted);
  EXPECT_EQ(report.exit_code, ExitCode::kOutput);
  ASSERT_EQ(report.problems.size(), 1U);
  EXPECT_THAT(report.problems.front().message, testing::HasSubstr("/dev/full"));
  EXPECT_EQ(report.ledger.accepted(), report.counters.flows.packets);
}

TEST_F(Run, ADamagedFileKeepsItsRowsAndTheNextIsRead) {
  CaptureWriter damaged = udp_capture(1, 2);
  damaged.add_record(2, 0, 500, 500, frame().eth().ipv4("10.0.0.1", "10.0.0.2").udp(1000, 53).bytes());
  const RunReport report = run_it(request({write("a.pcap", damaged), write("b.pcap", udp_capture(2, 2))}));
  EXPECT_EQ(report.exit_code, ExitCode::kInput);
  EXPECT_EQ(file_text(folder_ / "out.csv.part"), "port,packets,snapshot,reason\n1000,3,0,4\n1001,1,0,4\n");
  EXPECT_TRUE(report.ledger_balances());
  ASSERT_EQ(report.outputs.size(), 1U);
  EXPECT_FALSE(report.outputs.front().complete);
  EXPECT_EQ(report.outputs.front().location, (folder_ / "out.csv.part").string());
}

TEST_F(Run, AStopRequestBeforeTheStartEndsInOrder) {
  StopRequest stop;
  stop.request();
  const auto report = flowgauge::run(request({write("a.pcap", udp_capture(1, 5))}), stop, {});
  ASSERT_TRUE(report);
  EXPECT_EQ(report->exit_code, ExitCode::kInterrupted);
  EXPECT_TRUE(report->interrupted);
  EXPECT_EQ(file_text(folder_ / "out.csv.part"), "port,packets,snapshot,reason\n");
  EXPECT_TRUE(report->ledger_balances());
}

TEST_F(Run, RefusalsBeforeTheStart) {
  const fs::path capture = write("a.pcap", udp_capture(1, 1));
  RunRequest unknown_schema = request({capture}, "basik");
  EXPECT_EQ(refusal(unknown_schema).code, ExitCode::kPlugin);
  EXPECT_THAT(refusal(unknown_schema).message, testing::HasSubstr("did you mean 'basic'?"));
  RunRequest wrong_option = request({capture});
  set_option(wrong_option, "fail_at_lenght", "1");
  EXPECT_EQ(refusal(wrong_option).code, ExitCode::kUsage);
  EXPECT_THAT(refusal(wrong_option).message, testing::HasSubstr("did you mean 'fail_at_length'?"));
  RunRequest wrong_filter = request({capture});
  wrong_filter.profile.packets.filter = {"tcp prot 80", "p.yaml", 7};
  EXPECT_EQ(refusal(wrong_filter).code, ExitCode::kUsage);
  EXPECT_THAT(refusal(wrong_filter).message, testing::StartsWith("p.yaml:7: "));
  std::ofstream(folder_ / "out.csv") << "mine\n";
  EXPECT_EQ(refusal(request({capture})).code, ExitCode::kOutput);
  EXPECT_EQ(file_text(folder_ / "out.csv"), "mine\n");
}

TEST_F(Run, AFullPartitionShowsInTheReport) {
  RunRequest wanted = request({write("a.pcap", udp_capture(600, 600))});
  wanted.profile.flow.max_flows = 256;
  wanted.profile.flow.idle_timeout_ns = 0;
  wanted.profile.flow.active_timeout_ns = 0;
  const RunReport report = run_it(wanted);
  EXPECT_EQ(report.counters.flows.flows, 600U);
  EXPECT_LE(report.counters.flows.most_flows, 256U);
  EXPECT_GE(report.counters.flows.ended[static_cast<std::size_t>(EndReason::kLackOfResources)], 344U);
  EXPECT_TRUE(report.ledger_balances());
}

}  // namespace
}  // namespace flowgauge::test
