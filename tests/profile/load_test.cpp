// What a right profile means.
#include "core/profile/profile_reader.h"

#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

template <class T>
std::string place(const Located<T>& located) {
  return replace_all(located.where(), kProfileFixtures + "/", "");
}

class EveryKey : public testing::Test {
 protected:
  void SetUp() override {
    Result<Profile> loaded = load_profile(kProfileFixtures + "/good/every_key.yaml", kShippedFolders);
    ASSERT_TRUE(loaded) << loaded.error().message;
    profile_ = std::move(*loaded);
  }
  Profile profile_;
};

TEST_F(EveryKey, OfTheFlowIsRead) {
  EXPECT_EQ(profile_.flow.direction, DirectionRule::kFirstPacket);
  EXPECT_EQ(profile_.flow.continuation, Continuation::kFresh);
  EXPECT_EQ(profile_.flow.tcp_close, TcpClose::kImmediate);
  EXPECT_EQ(profile_.flow.tcp_reuse, TcpReuse::kMerge);
  EXPECT_EQ(profile_.flow.flow_key, KeyRule::kFiveTuple);
  EXPECT_EQ(profile_.output.time_decimals, TimeDecimals::kShortest);
  EXPECT_EQ(profile_.flow.idle_timeout_ns, 120'000'000'000);
  EXPECT_EQ(profile_.flow.active_timeout_ns, 1'800'000'000'000);
  EXPECT_EQ(profile_.flow.linger_ns, 250'000'000);
  EXPECT_EQ(profile_.flow.early_export_ns, 1'000'000'001);
  EXPECT_EQ(profile_.flow.clock_jump_ns, 300'000'000'000);
  EXPECT_EQ(profile_.flow.max_flows, 5000u);
}

TEST_F(EveryKey, OfThePacketsIsRead) {
  EXPECT_EQ(profile_.packets.decapsulate, Decapsulate::kOuter);
  EXPECT_EQ(profile_.packets.fragments, FragmentRule::kDrop);
  EXPECT_EQ(profile_.packets.protocols, (std::vector<std::uint8_t>{6, 47, 132, 250}));
  EXPECT_EQ(profile_.packets.vxlan_ports, (std::vector<std::uint16_t>{4789, 48879}));
  EXPECT_EQ(profile_.packets.geneve_ports, std::vector<std::uint16_t>{});
  EXPECT_EQ(profile_.packets.gtpu_ports, (std::vector<std::uint16_t>{1, 65535}));
  EXPECT_EQ(profile_.packets.l2tpv3_cookie_bytes, 8);
  EXPECT_EQ(profile_.packets.filter.value, "tcp port 443 or \"quoted\"");
  EXPECT_EQ(place(profile_.packets.filter), "good/every_key.yaml:24: ");
}

TEST_F(EveryKey, OfFeaturesIsRead) {
  ASSERT_EQ(profile_.features.size(), 3u);
  EXPECT_EQ(profile_.features[0].name.value, "timing");
  EXPECT_EQ(profile_.features[0].plugin.module.value, "");
  EXPECT_EQ(profile_.features[1].name.value, "ja4");
  EXPECT_EQ(profile_.features[1].plugin.module.value, kProfileFixtures + "/good/plugins/ja4.so");
  EXPECT_EQ(place(profile_.features[1].name), "good/every_key.yaml:29: ");

  const ProfileFeature& iat = profile_.features[2];
  EXPECT_EQ(iat.name.value, "iat");
  EXPECT_EQ(iat.plugin.module.value, "community");
  EXPECT_EQ(place(iat.plugin.module), "good/every_key.yaml:31: ");
  EXPECT_EQ(iat.plugin.sha256.value, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_EQ(iat.options.size(), 4u);
  EXPECT_EQ(iat.options[0].name.value, "bins");
  EXPECT_EQ(iat.options[0].text.value, "16");
  EXPECT_EQ(place(iat.options[0].text), "good/every_key.yaml:33: ");
  EXPECT_EQ(iat.options[1].name.value, "note");
  EXPECT_EQ(iat.options[1].text.value, "a: b");
  EXPECT_EQ(iat.options[1].items, std::nullopt);
  EXPECT_EQ(iat.options[2].name.value, "ports");
  EXPECT_EQ(iat.options[2].items, (std::vector<std::string>{"80", "a, b"}));
  EXPECT_EQ(iat.options[3].name.value, "zeta");
  EXPECT_EQ(iat.options[3].text.value, "0.5");
}

TEST_F(EveryKey, OfExportersIsRead) {
  ASSERT_EQ(profile_.exporters.size(), 7u);
  EXPECT_EQ(profile_.exporters[0].schema.value, "basic");
  EXPECT_EQ(profile_.exporters[0].format.name.value, "csv");
  EXPECT_EQ(profile_.exporters[0].path.value, "-");
  EXPECT_EQ(profile_.exporters[0].path.where(), "");
  EXPECT_TRUE(profile_.exporters[0].header);

  EXPECT_EQ(profile_.exporters[1].schema.value, "cidds");
  EXPECT_EQ(profile_.exporters[1].plugin.module.value, kProfileFixtures + "/plugins/cidds.so");
  EXPECT_EQ(profile_.exporters[1].format.name.value, "jsonl");
  // Not completed: output belongs where the person is.
  EXPECT_EQ(profile_.exporters[1].path.value, "out/cidds.jsonl.zst");
  EXPECT_FALSE(profile_.exporters[1].header);
  EXPECT_TRUE(profile_.exporters[1].metadata);
  EXPECT_FALSE(profile_.exporters[0].metadata);

  EXPECT_EQ(profile_.exporters[2].format.name.value, "print");
  EXPECT_EQ(profile_.exporters[2].path.value, "table.txt");

  ASSERT_EQ(profile_.exporters[3].options.size(), 1u);
  EXPECT_EQ(profile_.exporters[3].options[0].name.value, "gaps");
  EXPECT_EQ(profile_.exporters[3].options[0].text.value, "fill");
  EXPECT_EQ(place(profile_.exporters[3].options[0].name), "good/every_key.yaml:46: ");
}

TEST_F(EveryKey, OfFormatsIsRead) {
  const ProfileFormat& format = profile_.exporters[5].format;
  EXPECT_EQ(format.name.value, "parquet");
  EXPECT_EQ(place(format.name), "good/every_key.yaml:59: ");
  EXPECT_EQ(format.plugin.module.value, kProfileFixtures + "/plugins/arrow.so");
  EXPECT_EQ(format.plugin.sha256.value, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  ASSERT_EQ(format.options.size(), 2u);
  EXPECT_EQ(format.options[0].items, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(format.options[1].text.value, "4096");
  EXPECT_EQ(profile_.exporters[6].format.name.value, "lines");
  EXPECT_EQ(profile_.exporters[6].format.plugin.module.value, kProfileFixtures + "/good/plugins/lines.so");
}

TEST_F(EveryKey, OfColumnsIsRead) {
  const ProfileExporter& own = profile_.exporters.at(4);
  EXPECT_EQ(own.schema.value, "every_key");  // a table of the profile's own is called as its file
  ASSERT_EQ(own.columns.size(), 2u);
  EXPECT_EQ(own.columns[0].name.value, "flow.src_ip");
  EXPECT_EQ(own.columns[0].expression.value, "flow.src_ip");
  EXPECT_EQ(own.columns[0].type, 0u);  // the expression's own
  EXPECT_EQ(own.columns[0].unit, FG_UNIT_NONE);
  EXPECT_EQ(own.columns[0].when, FG_WHEN_BOTH);
  EXPECT_FALSE(own.columns[0].required);
  EXPECT_EQ(own.columns[1].name.value, "mean gap");
  EXPECT_EQ(own.columns[1].expression.value, "ms(iat.iat.mean)");
  EXPECT_EQ(place(own.columns[1].expression), "good/every_key.yaml:51: ");
  EXPECT_EQ(own.columns[1].type, FG_F64);
  EXPECT_EQ(own.columns[1].unit, FG_UNIT_MS);
  EXPECT_EQ(own.columns[1].when, FG_WHEN_CLEAN);
  EXPECT_TRUE(own.columns[1].required);
}

TEST_F(EveryKey, OfTheWholeIsRead) {
  EXPECT_EQ(profile_.description, "Every key: one value");
  EXPECT_EQ(profile_.sensor.value, "gate \"B\", 2nd floor: Süd");
  EXPECT_EQ(profile_.contamination.value, FG_REVEALS_IDENTITY | FG_REVEALS_TOOL);
  EXPECT_EQ(place(profile_.contamination), "good/every_key.yaml:64: ");
  EXPECT_EQ(profile_.threads, 4u);
  EXPECT_EQ(profile_.labels.file.value, kProfileFixtures + "/tuesday.csv");
  EXPECT_EQ(place(profile_.labels.file), "good/every_key.yaml:67: ");
  EXPECT_EQ(profile_.labels.time_zone.value, "-03:00");
  EXPECT_EQ(profile_.files, (std::vector<std::string>{kProfileFixtures + "/good/every_key_base.yaml",
                                                      kProfileFixtures + "/good/every_key.yaml"}));
}

TEST_F(EveryKey, OfLiveIsRead) {
  EXPECT_EQ(profile_.live,
            (ProfileLive{{CaptureMethod::kEbpf, AttachMethod::kClsact, true, true, 4, 64 << 20, false, true, true},
                         120'000'000'000}));
}

TEST(Load, LiveIsLeftToTheMachineUnlessSaid) {
  EXPECT_EQ(load_text("live: {rings: auto, ring_size: auto, capture: auto}\n")->live, ProfileLive());
  EXPECT_EQ(load_text("live: {rings: 256, ring_size: 2GiB}\n")->live.ring_bytes, std::uint64_t{2} << 30);
  EXPECT_EQ(load_text("live: {ring_size: 65536}\n")->live.ring_bytes, 65536U);
}

TEST(Load, WhatIsNotSaidHasItsDefault) {
  const Result<Profile> profile = load_text("description: nothing else\n");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->flow.direction, DirectionRule::kRole);
  EXPECT_EQ(profile->flow.continuation, Continuation::kInherit);
  EXPECT_EQ(profile->flow.tcp_close, TcpClose::kLinger);
  EXPECT_EQ(profile->flow.tcp_reuse, TcpReuse::kSplit);
  EXPECT_EQ(profile->flow.flow_key, KeyRule::kFull);
  EXPECT_EQ(profile->flow.idle_timeout_ns, 120'000'000'000);
  EXPECT_EQ(profile->flow.active_timeout_ns, 3'600'000'000'000);
  EXPECT_EQ(profile->flow.linger_ns, 5'000'000'000);
  EXPECT_EQ(profile->flow.early_export_ns, 0);
  EXPECT_EQ(profile->flow.clock_jump_ns, 600'000'000'000);
  EXPECT_EQ(profile->flow.max_flows, 1'000'000u);
  EXPECT_EQ(profile->packets.decapsulate, Decapsulate::kInner);
  EXPECT_EQ(profile->packets.fragments, FragmentRule::kJoin);
  EXPECT_TRUE(profile->packets.protocols.empty());
  EXPECT_EQ(profile->packets.vxlan_ports, (std::vector<std::uint16_t>{4789, 8472}));
  EXPECT_EQ(profile->packets.geneve_ports, std::vector<std::uint16_t>{6081});
  EXPECT_EQ(profile->packets.gtpu_ports, std::vector<std::uint16_t>{2152});
  EXPECT_EQ(profile->packets.l2tpv3_cookie_bytes, 0);
  EXPECT_EQ(profile->packets.filter.value, "");
  EXPECT_EQ(profile->labels.file.value, "");
  EXPECT_EQ(profile->live, ProfileLive());
  EXPECT_TRUE(profile->features.empty());
  EXPECT_TRUE(profile->exporters.empty());
  EXPECT_EQ(profile->contamination.value, FG_REVEALS_NOTHING);
  EXPECT_EQ(profile->threads, 0u);
}

TEST(Load, ContaminationHasLevelsAndClasses) {
  constexpr std::uint64_t kRaw = FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME;
  const std::pair<std::string, std::uint64_t> rows[] = {
      {"none_removed", 0},
      {"raw_identifiers", kRaw},
      {"strict", kRaw | FG_REVEALS_OS | FG_REVEALS_PATH | FG_REVEALS_TOOL},
      {"[]", 0},
      {"[os]", FG_REVEALS_OS},
      {"[path, os, path]", FG_REVEALS_OS | FG_REVEALS_PATH},
      {"[time, port, identity]", kRaw},
  };
  for (const auto& [text, classes] : rows) {
    const Result<Profile> profile = load_text("contamination: " + text + "\n");
    ASSERT_TRUE(profile) << profile.error().message;
    EXPECT_EQ(profile->contamination.value, classes) << text;
  }
}

TEST(Load, EndsOfRangesAreIn) {
  const Result<Profile> least =
      load_text("threads: 1\nflow: {max_flows: 1, idle_timeout: 0}\npackets: {protocols: [0]}\n");
  ASSERT_TRUE(least) << least.error().message;
  EXPECT_EQ(least->threads, 1u);
  EXPECT_EQ(least->flow.max_flows, 1u);
  EXPECT_EQ(least->flow.idle_timeout_ns, 0);
  EXPECT_EQ(least->packets.protocols, std::vector<std::uint8_t>{0});
  const Result<Profile> most =
      load_text("threads: 256\nflow: {max_flows: 1000000000, idle_timeout: 1000000000}\npackets: {protocols: [255]}\n");
  ASSERT_TRUE(most) << most.error().message;
  EXPECT_EQ(most->threads, 256u);
  EXPECT_EQ(most->flow.max_flows, 1'000'000'000u);
  EXPECT_EQ(most->flow.idle_timeout_ns, 1'000'000'000'000'000'000);
  EXPECT_EQ(most->packets.protocols, std::vector<std::uint8_t>{255});
  EXPECT_FALSE(load_text("threads: 257\n"));
}

TEST(Load, WordsStandForDefaults) {
  const Result<Profile> profile = load_text("threads: auto\npackets: {protocols: all}\n");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->threads, 0u);
  EXPECT_TRUE(profile->packets.protocols.empty());
}

TEST(Load, LineEndingsAndByteOrderMarkDoNotMatter) {
  const Result<Profile> profile = load_text(
      "\xef\xbb\xbf"
      "flow:\r\n  linger: 1s\r\nthreads: 3\r\n");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->flow.linger_ns, 1'000'000'000);
  EXPECT_EQ(profile->threads, 3u);
}

TEST(Load, ProfileBesideTheCurrentFolderKeepsModulesAsPaths) {
  const ProfileFolder folder;
  folder.write("p.yaml", "features: [./own.so]\n");
  const std::filesystem::path before = std::filesystem::current_path();
  std::filesystem::current_path(folder.path());
  const Result<Profile> profile = load_profile("p.yaml", kShippedFolders);
  std::filesystem::current_path(before);
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->features.at(0).plugin.module.value, "./own.so");
  EXPECT_EQ(profile->features.at(0).name.where(), "p.yaml:1: ");
}

}  // namespace
}  // namespace flowgauge
