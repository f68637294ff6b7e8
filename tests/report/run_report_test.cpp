// The account of a run, for people and for programs.
#include "core/report/run_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>

#include "core/flow/flow_record.h"
#include "core/packet/endpoint_class.h"
#include "core/text/json_text.h"

namespace flowgauge {
namespace {

using testing::HasSubstr;

RunReport sample() {
  RunReport report;
  report.exit_code = ExitCode::kInput;
  report.problems = {{ExitCode::kInput, "a.pcap: packet 3 \"cut\""}};
  report.ledger.frames_read = 1234;
  report.ledger.untimed_frames = 5;
  report.ledger.by_reason[PACKET_ACCEPTED] = 1200;
  report.ledger.by_reason[PACKET_NOT_IP] = 30;
  report.ledger.by_reason[PACKET_FRAGMENT] = 4;
  report.counters.flows.packets = 1200;
  report.counters.flows.flows = 9;
  report.counters.flows.ended[static_cast<std::size_t>(EndReason::kFin)] = 7;
  report.counters.flows.ended[static_cast<std::size_t>(EndReason::kForcedEnd)] = 2;
  report.counters.rows = 9;
  report.counters.packets_in_rows = 1200;
  report.inputs = {{"a.pcap", 4096}};
  report.outputs = {{"basic", "1.0", "out.csv.part", 9, false, {"flow_id"}}};
  report.modules = {{"basic", "1.0", "/usr/lib/basic.so", "ab12"}};
  report.profile_hash = "cd34";
  report.profile_files = {"configs/basic.yaml"};
  report.elapsed = std::chrono::milliseconds(500);
  report.peak_memory_bytes = 12 << 20;
  return report;
}

TEST(Report, Text) {
  EXPECT_EQ(report_text(sample()),
            "frames   1,234 read = 1,200 in flows + 34 ignored (not_ip 30, fragment 4)\n"
            "flows    9 (fin 7, forced_end 2)\n"
            "rows     9 of schema basic to out.csv.part\n"
            "time     0.50 s, 2,468 packets/s, peak memory 12.0 MiB\n");
}

TEST(Report, WhatASinkToldIsNamedWithItsTime) {
  RunReport report = sample();
  report.outputs[0].conditions = {
      {.name = "server_away", .text = "it is \"gone\"", .times = 2, .held = std::chrono::milliseconds(12'340)}};
  EXPECT_THAT(report_text(report),
              testing::HasSubstr("rows     9 of schema basic to out.csv.part\n"
                                 "wrong    server_away of out.csv.part: 2 times, 12.3 s in all\n"));
  EXPECT_THAT(report_json(report), testing::HasSubstr(R"("times": 2)"));
  EXPECT_THAT(report_json(report), testing::HasSubstr(R"("text": "it is \"gone\"")"));
}

TEST(Report, WhatFeaturesCount) {
  const FeatureCounters one = {{"tls", "handshakes", FG_UNIT_COUNT, 1000},
                               {"tls", "alerts", FG_UNIT_COUNT, 0},
                               {"dns", "bytes", FG_UNIT_BYTES, 7}};
  const FeatureCounters other = {{"tls", "handshakes", FG_UNIT_COUNT, 234},
                                 {"tls", "alerts", FG_UNIT_COUNT, 0},
                                 {"dns", "bytes", FG_UNIT_BYTES, 1}};
  RunReport report = sample();
  report.counters += ShardCounters{.features = one};
  report.counters += ShardCounters{.features = other};
  EXPECT_THAT(report_text(report), HasSubstr("out.csv.part\n"
                                             "counted  tls: handshakes 1,234, alerts 0\n"
                                             "counted  dns: bytes 8 B\n"
                                             "time  "));
  std::string json = report_json(report);
  std::erase_if(json, [](char letter) { return letter == ' ' || letter == '\n'; });
  EXPECT_THAT(
      json, HasSubstr(R"("feature_counters":[{"name":"tls.handshakes","unit":"count","value":1234},)"
                      R"({"name":"tls.alerts","unit":"count","value":0},{"name":"dns.bytes","unit":"B","value":8}])"));
  EXPECT_EQ(report_json(sample()).find("feature_counters"), std::string::npos);
}

TEST(Report, NamesTheCommonestFramesWithoutIp) {
  RunReport report = sample();
  const auto add = [&report](std::uint32_t kind, int frames) {
    for (int i = 0; i < frames; ++i) report.ledger.not_ip.add(kind);
  };
  add(0x88cc, 2);
  add(0x8909, 20);
  add(0x0806, 6);
  add(0x88e5, 2);
  EXPECT_TRUE(report_text(report).find("\nignored  not_ip 30: 0x8909 20, ARP 6, LLDP 2\n") != std::string::npos);
  EXPECT_TRUE(report_json(report).find(R"(
    "not_ip": [
      {
        "kind": "0x8909",
        "ether_type": "0x8909",
        "frames": 20
      },
      {
        "kind": "ARP",
        "ether_type": "0x0806",
        "frames": 6
      },
)") != std::string::npos);

  report.ledger.frames_read = 3000;  // 1 %: no more
  EXPECT_TRUE(report_text(report).find("ignored  ") == std::string::npos);
  report.ledger.frames_read = 2999;
  EXPECT_TRUE(report_text(report).find("ignored  not_ip 30") != std::string::npos);

  for (std::uint32_t kind = 0x1000; kind < 0x1030; ++kind) add(kind, 1);  // 4 kinds and 48: the last 20 are summed up
  EXPECT_TRUE(report_json(report).find(R"(
      {
        "kind": "others",
        "frames": 20
      }
    ],
)") != std::string::npos);
}

TEST(Report, TextSaysWhatWasWrongWithTheOrder) {
  RunReport report = sample();
  report.clock = {.older_packets = 1100, .ahead_packets = 1, .steps = 2};
  EXPECT_NE(
      report_text(report).find("\norder    1,100 packets older than packets before them, 1 packet too far ahead to "
                               "move the clock, the clock set back 2 times\n"),
      std::string::npos)
      << report_text(report);
  report.clock = {.steps = 1};
  EXPECT_NE(report_text(report).find("\norder    the clock set back 1 time\n"), std::string::npos)
      << report_text(report);
}

TEST(Report, HalvesOfConversationsAreCountedAndTheWayOutIsNamed) {
  RunReport report = sample();
  report.vlan_halves.add({1, 1});
  EXPECT_THAT(report_text(report), HasSubstr("vlan     1 conversation in two flows each, since the VLANs of the two "
                                             "directions differ; --flow-key no_vlan joins them\n"));
  report.vlan_halves.add({0, 8});
  EXPECT_FALSE(report.vlan_halves.is_estimate) << "nothing was found";
  report.vlan_halves.add({1000, 4});
  EXPECT_THAT(report_text(report), HasSubstr("vlan     about 4,001 conversations in two flows each"));
}

TEST(Report, Json) {
  const std::string json = report_json(sample());
  const std::string expected = R"({
  "version": "VERSION",
  "exit_code": 3,
  "interrupted": false,
  "reader_gone": false,
  "problems": [
    "a.pcap: packet 3 \"cut\""
  ],
  "warnings": [],
  "ledger": {
    "frames_read": 1234,
    "untimed_frames": 5,
    "in_flows": 1200,
    "ignored": {
      "not_ip": 30,
      "fragment": 4
    },
    "packets_in_rows": 1200,
    "balances": true
  },
  "flows": {
    "begun": 9,
    "snapshots": 0,
    "most_at_once": 0,
    "packets_older_than_clock": 0,
    "packets_too_far_ahead": 0,
    "clock_steps_back": 0,
    "vlan_halves": 0,
    "vlan_halves_estimated": false,
    "by_end_reason": {
      "idle_timeout": 0,
      "active_timeout": 0,
      "fin": 7,
      "rst": 0,
      "reuse": 0,
      "forced_end": 2,
      "lack_of_resources": 0,
      "feature": 0
    }
  },
  "outputs": [
    {
      "schema": "basic",
      "schema_version": "1.0",
      "location": "out.csv.part",
      "rows": 9,
      "complete": false,
      "left_out": [
        "flow_id"
      ]
    }
  ],
  "cut_cells": 0,
  "profile": {
    "sha256": "cd34",
    "files": [
      "configs/basic.yaml"
    ]
  },
  "plugins": [
    {
      "name": "basic",
      "version": "1.0",
      "path": "/usr/lib/basic.so",
      "sha256": "ab12"
    }
  ],
  "service_group_version": 1,
  "service_group_sha256": "GROUPS",
  "inputs": [
    {
      "name": "a.pcap",
      "size_bytes": 4096
    }
  ],
  "threads": 1,
  "seconds": 0.500000,
  "packets_per_second": 2468.000000,
  "peak_memory_bytes": 12582912
}
)";
  std::string comparable = json;
  const std::size_t version = comparable.find("\"version\": \"") + 12;
  comparable.replace(version, comparable.find('"', version) - version, "VERSION");
  comparable.replace(comparable.find(service_group_sha256()), service_group_sha256().size(), "GROUPS");
  EXPECT_EQ(comparable, expected);
}

// ---------------------------------------------------------------- live runs

LiveCounters ingress() {
  LiveCounters counters;
  counters.interface = "eth0";
  counters.seen = 1233;
  counters.by_reason[PACKET_ACCEPTED] = 1200;
  counters.by_reason[PACKET_NOT_IP] = 30;
  counters.by_reason[PACKET_FRAGMENT] = 1;
  counters.ring_full = 2;
  counters.super_packets = {5, 40};
  return counters;
}

RunReport live_sample() {
  RunReport report = sample();
  report.problems.clear();
  report.exit_code = ExitCode::kOk;
  LiveCounters egress;
  egress.interface = "eth0";
  egress.direction = TrafficDirection::kEgress;
  egress.seen = 3;
  egress.by_reason[PACKET_FRAGMENT] = 3;
  egress.super_packets = SuperPackets{};
  report.live = LiveReport{"eBPF (TCX), 2 rings of 32 MiB", LiveEnd::kDuration, {ingress(), egress}};
  report.ledger = {ledger_of(report.live->counters), {}};
  report.inputs = {{"eth0", 0}};
  report.threads = 2;
  return report;
}

TEST(LiveReport, Text) {
  EXPECT_EQ(report_text(live_sample()),
            "capture  eBPF (TCX), 2 rings of 32 MiB\n"
            "wire     eth0 ingress: 1,233 seen = 1,200 submitted + 2 ring-full + 31 ignored (not_ip 30, fragment 1); 5 "
            "super-packets stand for 40 on the wire\n"
            "wire     eth0 egress: 3 seen = 0 submitted + 0 ring-full + 3 ignored (fragment 3)\n"
            "frames   1,236 read = 1,200 in flows + 34 ignored (not_ip 30, fragment 4) + 2 lost\n"
            "flows    9 (fin 7, forced_end 2)\n"
            "rows     9 of schema basic to out.csv.part\n"
            "time     0.50 s, 2,472 packets/s, peak memory 12.0 MiB\n");
}

TEST(LiveReport, OneSuperPacketIsOne) {
  LiveCounters counters = ingress();
  counters.super_packets = {1, 12};
  EXPECT_THAT(counters_text(counters), testing::EndsWith("; 1 super-packet stands for 12 on the wire"));
}

TEST(LiveReport, WhatIsNotKnownOfSuperPacketsIsNull) {
  RunReport report = live_sample();
  report.live->counters = {ingress()};
  report.live->counters[0].super_packets.reset();
  EXPECT_THAT(report_json(report), testing::HasSubstr(R"(        "gso_packets": null,
        "gso_segments": null
)"));
  EXPECT_THAT(report_text(report), testing::Not(testing::HasSubstr("super-packet")));
}

TEST(LiveReport, Json) {
  const std::string json = report_json(live_sample());
  const std::size_t begin = json.find("  \"live\": ");
  EXPECT_EQ(json.substr(begin, json.find("  \"flows\": ") - begin), R"(  "live": {
    "capture": "eBPF (TCX), 2 rings of 32 MiB",
    "ended_by": "duration",
    "interfaces": [
      {
        "interface": "eth0",
        "direction": "ingress",
        "seen": 1233,
        "submitted": 1200,
        "ring_full": 2,
        "ignored": {
          "not_ip": 30,
          "fragment": 1
        },
        "lost_before": 0,
        "blind_seconds": 0.000000,
        "gso_packets": 5,
        "gso_segments": 40
      },
      {
        "interface": "eth0",
        "direction": "egress",
        "seen": 3,
        "submitted": 0,
        "ring_full": 0,
        "ignored": {
          "fragment": 3
        },
        "lost_before": 0,
        "blind_seconds": 0.000000,
        "gso_packets": 0,
        "gso_segments": 0
      }
    ],
    "balances": true
  },
  "ledger": {
    "frames_read": 1236,
    "untimed_frames": 0,
    "in_flows": 1200,
    "ignored": {
      "not_ip": 30,
      "fragment": 4
    },
    "packets_in_rows": 1200,
    "balances": true
  },
)");
}

TEST(LiveReport, BalancesOnlyIfEveryInterfaceDoes) {
  RunReport report = live_sample();
  EXPECT_TRUE(report.ledger_balances());
  // One frame too many here and one too few there: the sums still agree.
  ++report.live->counters[0].seen;
  --report.live->counters[1].seen;
  report.ledger = {ledger_of(report.live->counters), {}};
  EXPECT_FALSE(report.live->balances());
  EXPECT_FALSE(report.ledger_balances());
}

TEST(LiveReport, EveryEndHasItsName) {
  const std::pair<LiveEnd, std::string> rows[] = {
      {LiveEnd::kStopped, "stopped"},        {LiveEnd::kDuration, "duration"},
      {LiveEnd::kMaxPackets, "max_packets"}, {LiveEnd::kInterfacesLost, "interfaces_lost"},
      {LiveEnd::kDetached, "detached"},      {LiveEnd::kFailed, "failure"}};
  for (const auto& [end, name] : rows) {
    RunReport report = live_sample();
    report.live->end = end;
    EXPECT_NE(report_json(report).find("\"ended_by\": \"" + name + "\""), std::string::npos) << name;
  }
}

TEST(LiveReport, WithoutLossesThereIsNothingToSay) {
  LiveReport report = *live_sample().live;
  EXPECT_NE(loss_text(report), "");
  report.counters[0].ring_full = 0;
  EXPECT_EQ(loss_text(report), "");
  EXPECT_EQ(counters_text({.interface = "eth0", .direction = TrafficDirection::kBoth, .lost_before = 7}),
            "eth0 both: 0 seen = 0 submitted + 0 ring-full + 0 ignored; 7 lost before");
}

TEST(LiveReport, LossesBeforeReadingStandAlone) {
  LiveReport report = *live_sample().live;
  EXPECT_EQ(losses_text(report), " + 2 lost");
  report.counters[0].lost_before = 7;
  EXPECT_EQ(losses_text(report), " + 2 lost; 7 lost before they were read");
  report.counters[0].ring_full = 0;
  EXPECT_EQ(losses_text(report), "; 7 lost before they were read");
  report.counters[0].lost_before = 1;
  EXPECT_EQ(losses_text(report), "; 1 lost before it was read");
  EXPECT_THAT(loss_text(report), testing::StartsWith("1 packet of 1,237 was lost, because"));
  report.counters[0].lost_before = 0;
  EXPECT_EQ(losses_text(report), " + 0 lost");
}

TEST(LiveReport, WhatNobodyWatchedIsSaid) {
  LiveReport report = *live_sample().live;
  EXPECT_EQ(blind_text(report), "");
  report.counters[1].blind = std::chrono::milliseconds(1254);
  EXPECT_EQ(
      blind_text(report),
      "packets of eth0 egress for 1.25 s were not seen, since somebody detached the kernel program: they are in no "
      "row and in no count");
  EXPECT_THAT(counters_text(report.counters[1]), testing::EndsWith("ignored (fragment 3); blind for 1.25 s"));
}

TEST(Report, TheLedgerDoesNotBalanceWhereAPacketIsMissing) {
  RunReport report = sample();
  EXPECT_TRUE(report.ledger_balances());
  report.counters.packets_in_rows -= 1;
  EXPECT_FALSE(report.ledger_balances());
  report = sample();
  report.ledger.frames_read += 1;
  EXPECT_FALSE(report.ledger_balances());
  report = sample();
  report.counters.flows.packets -= 1;
  EXPECT_FALSE(report.ledger_balances());
}

TEST(JsonText, EscapesWhatMustBe) {
  JsonText json;
  json.begin_object().text("a\"b", "c\\\n\x01").end_object();
  EXPECT_EQ(json.take(), "{\n  \"a\\\"b\": \"c\\\\\\n\\u0001\"\n}\n");
}

TEST(JsonText, IsOneLineWhereThatIsAskedFor) {
  JsonText json(JsonLayout::kOneLine);
  json.begin_object().number("a", 1).begin_array("b").text({}, "x").number({}, 2).end_array().begin_object("c");
  json.end_object().null("d").end_object();
  EXPECT_EQ(json.take(), "{\"a\":1,\"b\":[\"x\",2],\"c\":{},\"d\":null}\n");
}

}  // namespace
}  // namespace flowgauge
