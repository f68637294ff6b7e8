// Same meaning, same hash; another meaning, another hash.
#include "core/profile/canonical.h"

#include <set>

#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

std::string hash_of(const std::string& text) {
  const Result<Profile> profile = load_text(text);
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile ? profile_hash(*profile) : "";
}

TEST(Canonical, LoadsToTheSameProfile) {
  for (const char* name : {"every_key", "base", "top"}) {
    const Result<Profile> profile = load_profile(kProfileFixtures + "/good/" + name + ".yaml", kShippedFolders);
    ASSERT_TRUE(profile) << profile.error().message;
    const Result<Profile> again = load_text(describe(*profile));
    ASSERT_TRUE(again) << again.error().message << "\n" << describe(*profile);
    EXPECT_EQ(describe(*again), describe(*profile));
    EXPECT_EQ(profile_hash(*again), profile_hash(*profile));
  }
}

TEST(Canonical, HasOneSpellingForEachMeaning) {
  Result<Profile> profile = load_profile(kProfileFixtures + "/good/every_key.yaml", kShippedFolders);
  ASSERT_TRUE(profile) << profile.error().message;
  // Where the fixtures lie could need quotes.
  for (auto* module : {&profile->features[1].plugin.module, &profile->exporters[1].plugin.module,
                       &profile->exporters[5].format.plugin.module, &profile->exporters[6].format.plugin.module,
                       &profile->labels.file}) {
    module->value = replace_all(module->value, kProfileFixtures, "FIXTURES");
  }
  EXPECT_EQ(describe(*profile),
            "description: \"Every key: one value\"\n"
            "sensor: \"gate \\\"B\\\", 2nd floor: Süd\"\n"
            "flow:\n"
            "  direction: first_packet\n"
            "  continuation: fresh\n"
            "  tcp_close: immediate\n"
            "  tcp_reuse: merge\n"
            "  flow_key: five_tuple\n"
            "  idle_timeout: 120s\n"
            "  active_timeout: 1800s\n"
            "  linger: 0.25s\n"
            "  early_export: 1.000000001s\n"
            "  clock_jump: 300s\n"
            "  max_flows: 5000\n"
            "packets:\n"
            "  decapsulate: outer\n"
            "  fragments: drop\n"
            "  udp_payload: datagram\n"
            "  protocols: [tcp, gre, sctp, 250]\n"
            "  vxlan_ports: [4789, 48879]\n"
            "  geneve_ports: []\n"
            "  gtpu_ports: [1, 65535]\n"
            "  l2tpv3_cookie: 8\n"
            "  filter: \"tcp port 443 or \\\"quoted\\\"\"\n"
            "features:\n"
            "  - name: timing\n"
            "  - name: ja4\n"
            "    module: FIXTURES/good/plugins/ja4.so\n"
            "  - name: iat\n"
            "    module: community\n"
            "    sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
            "    options:\n"
            "      bins: 16\n"
            "      note: \"a: b\"\n"
            "      ports: [80, \"a, b\"]\n"
            "      zeta: 0.5\n"
            "exporters:\n"
            "  - schema: basic\n"
            "    format: csv\n"
            "    path: \"-\"\n"
            "    header: true\n"
            "  - schema: cidds\n"
            "    module: FIXTURES/plugins/cidds.so\n"
            "    sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
            "    format: jsonl\n"
            "    path: out/cidds.jsonl.zst\n"
            "    header: false\n"
            "    metadata: true\n"
            "  - schema: basic\n"
            "    format: print\n"
            "    path: table.txt\n"
            "    header: true\n"
            "  - schema: nfstream\n"
            "    options:\n"
            "      gaps: fill\n"
            "    format: csv\n"
            "    path: gaps.csv\n"
            "    header: true\n"
            "  - columns:\n"
            "      - name: flow.src_ip\n"
            "        expression: flow.src_ip\n"
            "        unit: none\n"
            "        when: both\n"
            "        required: false\n"
            "      - name: \"mean gap\"\n"
            "        expression: \"ms(iat.iat.mean)\"\n"
            "        type: f64\n"
            "        unit: ms\n"
            "        when: clean\n"
            "        required: true\n"
            "    format: csv\n"
            "    path: own.csv\n"
            "    header: true\n"
            "  - schema: cic\n"
            "    format:\n"
            "      name: parquet\n"
            "      module: FIXTURES/plugins/arrow.so\n"
            "      sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
            "      options:\n"
            "        by: [a, b]\n"
            "        row_group: 4096\n"
            "    path: cic.table\n"
            "    header: true\n"
            "  - schema: cic\n"
            "    format:\n"
            "      name: lines\n"
            "      module: FIXTURES/good/plugins/lines.so\n"
            "    path: lines.txt\n"
            "    header: true\n"
            "output:\n"
            "  time_decimals: shortest\n"
            "labels:\n"
            "  file: FIXTURES/tuesday.csv\n"
            "  time_zone: \"-03:00\"\n"
            "live:\n"
            "  capture: ebpf\n"
            "  attach: clsact\n"
            "  ingress_only: true\n"
            "  merge_interfaces: true\n"
            "  promiscuous: false\n"
            "  wait: true\n"
            "  until_down: true\n"
            "  rings: 4\n"
            "  ring_size: 64MiB\n"
            "  stats_interval: 120s\n"
            "monitor:\n"
            "  stats: stats.jsonl\n"
            "  metrics: \"127.0.0.1:9464\"\n"
            "trial:\n"
            "  time: 60s\n"
            "  memory: 8GiB\n"
            "contamination: [identity, tool]\n"
            "threads: 4\n");
}

TEST(Canonical, EveryTextReadsBackAsItself) {
  for (const std::string text :
       {"~", "null", "",          " ",           "true", "- a", "a: b", "# no comment", "*a",       "&a",   "!t", "%",
        "@", "`",    "tab\there", "line\nbreak", "\\",   "\"",  "'",    "caf\xc3\xa9",  "\x01\x7f", "0x10", "[a]"}) {
    Profile profile;
    profile.description = "-" + text;  // an empty description is not written
    profile.packets.filter.value = text;
    profile.exporters.resize(1);
    profile.exporters[0].schema.value = "basic";
    profile.exporters[0].path.value = "x" + text;
    const Result<Profile> again = load_text(describe(profile));
    ASSERT_TRUE(again) << again.error().message << "\n" << describe(profile);
    EXPECT_EQ(again->description, profile.description);
    EXPECT_EQ(again->packets.filter.value, profile.packets.filter.value);
    EXPECT_EQ(again->exporters.at(0).path.value, profile.exporters[0].path.value);
  }
}

TEST(ProfileHash, IsThatOfTheDefaultsWhereNothingIsSaid) {
  EXPECT_EQ(hash_of("description: none\n"), profile_hash(Profile()));
  EXPECT_EQ(profile_hash(Profile()).size(), 64u);
  EXPECT_EQ(hash_of("flow: {linger: 5}\npackets: {protocols: all, filter: ''}\ncontamination: []\nfeatures: []\n"),
            profile_hash(Profile()));
}

// Known by heart, so that a change of the form or of a default is noticed: reports of old runs hold such hashes.
TEST(ProfileHash, OfTheDefaultsDoesNotChange) {
  EXPECT_EQ(profile_hash(Profile()), "64286f7068635211c0872e25716ed270c1fe07014c3b7b140866f8c0038434f8");
}

TEST(ProfileHash, DoesNotDependOnTheWriting) {
  const std::string hash = hash_of(
      "flow: {idle_timeout: 60s, linger: 1s}\n"
      "packets: {protocols: [tcp, udp]}\n"
      "features:\n  - name: iat\n    options: {a: 1, b: x}\n  - timing\n"
      "exporters:\n  - basic\n  - {schema: cidds, path: c.csv}\n"
      "contamination: raw_identifiers\n");
  EXPECT_EQ(
      hash,
      hash_of("# the same\n"
              "contamination: [time, port, identity]\n"
              "exporters:\n  - {path: elsewhere.csv, schema: cidds, format: csv, header: true}\n  - schema: basic\n"
              "threads: 3\n"
              "features:\n  - timing\n  - {options: {b: x, a: \"1\"}, name: iat}\n"
              "packets:\n  protocols: [17, 6, 6]\n"
              "description: other words\n"
              "flow:\n  linger: 1000ms\n  idle_timeout: 1m\n"));
}

TEST(ProfileHash, DoesNotDependOnExtends) {
  const ProfileFolder folder;
  folder.write("base.yaml", "flow: {linger: 1s}\nthreads: 2\nexporters: [basic]\n");
  const std::string top = folder.write("top.yaml", "extends: base.yaml\nexporters: [cidds]\n");
  EXPECT_EQ(profile_hash(*load_profile(top, kShippedFolders)), hash_of("flow: {linger: 1s}\nexporters: [cidds]\n"));
}

TEST(ProfileHash, DoesNotDependOnWhereAPluginLies) {
  EXPECT_EQ(hash_of("features: [/opt/a/own.so]\n"), hash_of("features: [{name: own, module: b/own.so}]\n"));
  EXPECT_NE(hash_of("features: [/opt/a/own.so]\n"), hash_of("features: [own]\n"));
  EXPECT_NE(hash_of("features: [/opt/a/own.so]\n"), hash_of("features: [{name: own, module: /opt/a/other.so}]\n"));
}

TEST(ProfileHash, DoesNotDependOnWhatLiesBesideATable) {
  EXPECT_EQ(hash_of("exporters: [{schema: basic, path: a.csv, metadata: true}]\n"), hash_of("exporters: [basic]\n"));
  EXPECT_EQ(hash_of("exporters: [{schema: basic, path: a.csv, rotate: {size: 1MiB}, keep: {files: 2}}]\n"),
            hash_of("exporters: [basic]\n"));
}

TEST(Describe, SaysWhatIsRotatedAndKept) {
  const auto profile = load_text(
      "exporters: [{schema: basic, path: a.csv, rotate: {interval: 90m, align: false}, keep: {size: 3GiB, files: "
      "24}}]\n");
  ASSERT_TRUE(profile);
  EXPECT_EQ(profile->exporters[0].rotate, (RotateRule{.interval_ns = 5'400'000'000'000, .align = false}));
  EXPECT_EQ(profile->exporters[0].keep, (KeepRule{.files = 24, .size_bytes = 3ULL << 30U}));
  const std::string text = describe(*profile);
  EXPECT_NE(text.find("    rotate:\n      interval: 5400s\n      size: 0\n      align: false\n"
                      "    keep:\n      files: 24\n      size: 3GiB\n"),
            std::string::npos)
      << text;
  const auto again = load_text(text);
  ASSERT_TRUE(again);
  EXPECT_EQ(describe(*again), text);
}

// YAML takes what is longer than 1,024 characters for no key.
TEST(Canonical, HoldsOptionsOfAnyName) {
  const auto profile = load_text("features:\n  - name: iat\n    options: {? " + std::string(1025, 'a') + " : 1}\n");
  ASSERT_TRUE(profile) << profile.error().message;
  const std::string text = describe(*profile);
  const auto again = load_text(text);
  ASSERT_TRUE(again) << again.error().message;
  EXPECT_EQ(describe(*again), text);
}

TEST(ProfileHash, DoesNotDependOnWhereTheLabelsLie) {
  EXPECT_EQ(hash_of("labels: /opt/a/tuesday.csv\n"), hash_of("labels: {file: b/tuesday.csv}\n"));
  EXPECT_EQ(hash_of("labels: none\n"), profile_hash(Profile()));
}

TEST(ProfileHash, DoesNotDependOnHowPacketsAreTaken) {
  EXPECT_EQ(hash_of("live: {capture: pcap, attach: tcx, rings: 2, ring_size: 1MiB, stats_interval: 1, wait: true, "
                    "until_down: true, user: nobody, seccomp: false}\n"),
            profile_hash(Profile()));
  EXPECT_EQ(hash_of("live: {capture: pcap, ingress_only: true}\n"), hash_of("live: {ingress_only: true}\n"));
}

TEST(ProfileHash, DoesNotDependOnThePlace) { EXPECT_EQ(hash_of("sensor: gate\n"), profile_hash(Profile())); }

TEST(ProfileHash, DoesNotDependOnWhoWatches) {
  EXPECT_EQ(hash_of("monitor: {stats: a.jsonl, metrics: 9464}\n"), profile_hash(Profile()));
}

TEST(ProfileHash, DoesNotDependOnHowMuchATrialMayTake) {
  EXPECT_EQ(hash_of("trial: {time: 1s, memory: 0}\n"), profile_hash(Profile()));
}

TEST(ProfileHash, ChangesWithEveryMeaning) {
  const std::string texts[] = {
      "description: the defaults",
      "flow: {direction: first_packet}",
      "flow: {continuation: fresh}",
      "flow: {tcp_close: immediate}",
      "flow: {tcp_reuse: merge}",
      "flow: {flow_key: five_tuple}",
      "flow: {flow_key: no_vlan}",
      "flow: {idle_timeout: 120.000000001}",
      "flow: {active_timeout: 3599}",
      "flow: {linger: 0}",
      "flow: {early_export: 5}",
      "flow: {clock_jump: 0}",
      "flow: {max_flows: 999999}",
      "flow: {hash_seed: 1}",
      "packets: {decapsulate: outer}",
      "packets: {fragments: drop}",
      "packets: {udp_payload: packet}",
      "packets: {protocols: [tcp]}",
      "packets: {vxlan_ports: [4789]}",
      "packets: {geneve_ports: []}",
      "packets: {gtpu_ports: [2152, 2153]}",
      "packets: {l2tpv3_cookie: 4}",
      "packets: {filter: tcp}",
      "features: [iat]",
      "features: [{name: iat, module: m}]",
      "features: [{name: iat, sha256: ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad}]",
      "features: [{name: iat, options: {a: 1}}]",
      "features: [{name: iat, options: {a: 2}}]",
      "features: [{name: iat, options: {a: []}}]",
      "features: [{name: iat, options: {a: [1]}}]",
      "features: [{name: iat, options: {a: [1, 2]}}]",
      "features: [{name: iat, options: {a: [2, 1]}}]",
      "features: [{name: iat, options: {a: [\"1, 2\"]}}]",
      "features: [{name: iat, options: {a: \"[1, 2]\"}}]",
      "exporters: [basic]",
      "exporters: [cidds]",
      "exporters: [{schema: basic, module: m}]",
      "exporters: [{schema: basic, format: jsonl}]",
      "exporters: [{schema: basic, format: parquet}]",
      "exporters: [{schema: basic, format: {name: parquet, module: m}}]",
      "exporters: [{schema: basic, format: {name: parquet, options: {a: 1}}}]",
      "exporters: [{schema: basic, header: false}]",
      "exporters: [{schema: basic, options: {a: 1}}]",
      "exporters: [{schema: basic, options: {a: 2}}]",
      "exporters: [{columns: [flow.src_ip]}]",
      "exporters: [{columns: [flow.src_ip, flow.dst_ip]}]",
      "exporters: [{columns: [flow.dst_ip, flow.src_ip]}]",
      "exporters: [{columns: [{name: a, expression: flow.src_ip}]}]",
      "exporters: [{columns: [{name: flow.src_ip, expression: flow.src_ip, type: string}]}]",
      "exporters: [{columns: [{name: flow.src_ip, expression: flow.src_ip, unit: count}]}]",
      "exporters: [{columns: [{name: flow.src_ip, expression: flow.src_ip, when: full}]}]",
      "exporters: [{columns: [{name: flow.src_ip, expression: flow.src_ip, required: true}]}]",
      "output: {time_decimals: shortest}",
      "labels: tuesday.csv",
      "labels: wednesday.csv",
      "labels: {file: tuesday.csv, time_zone: -03:00}",
      "live: {ingress_only: true}",
      "live: {merge_interfaces: true}",
      "live: {promiscuous: false}",
      "contamination: raw_identifiers",
      "contamination: strict",
      "contamination: [os]",
  };
  std::set<std::string> hashes;
  for (const std::string& text : texts) EXPECT_TRUE(hashes.insert(hash_of(text + "\n")).second) << text;
}

}  // namespace
}  // namespace flowgauge
