// Keys that the command line sets: as a profile would, with its messages behind the setting's place.
#include "core/profile/setting.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "core/profile/canonical.h"
#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

Setting set(const std::string& key, const std::string& value) {
  return {key, value, SettingForm::kYaml, "--set " + key};
}

std::string refusal_of(const Setting& setting) {
  Profile profile;
  const Result<void> done = apply(setting, profile);
  if (done) return "none";
  EXPECT_EQ(done.error().code, ExitCode::kUsage);
  return done.error().message;
}

// A value that is not the default, as a profile has it.
const std::vector<std::pair<std::string, std::string>> kValues = {
    {"description", "A run"},
    {"sensor", "gate 1"},
    {"flow", "{idle_timeout: 7s}"},
    {"flow.direction", "first_packet"},
    {"flow.continuation", "fresh"},
    {"flow.tcp_close", "immediate"},
    {"flow.tcp_reuse", "merge"},
    {"flow.flow_key", "no_vlan"},
    {"flow.idle_timeout", "7s"},
    {"flow.active_timeout", "8"},
    {"flow.linger", "250ms"},
    {"flow.early_export", "9s"},
    {"flow.clock_jump", "1m"},
    {"flow.max_flows", "77"},
    {"flow.hash_seed", "42"},
    {"packets", "{fragments: drop}"},
    {"packets.decapsulate", "outer"},
    {"packets.fragments", "drop"},
    {"packets.udp_payload", "packet"},
    {"packets.protocols", "[tcp, 200]"},
    {"packets.vxlan_ports", "[1, 2]"},
    {"packets.geneve_ports", "[]"},
    {"packets.gtpu_ports", "[3]"},
    {"packets.l2tpv3_cookie", "8"},
    {"packets.filter", "tcp port 443"},
    {"features", "[timing, {name: iat, options: {bins: 16}}]"},
    {"exporters", "[{schema: cic, path: x.csv}, {columns: [flow.id], path: y.jsonl, header: false}]"},
    {"output", "{time_decimals: shortest}"},
    {"output.time_decimals", "shortest"},
    {"output.snapshots", "unmarked"},
    {"labels", "rules.csv"},
    {"labels.file", "rules.csv"},
    {"labels.time_zone", "-03:00"},
    {"live", "{rings: 4}"},
    {"live.capture", "pcap"},
    {"live.attach", "tcx"},
    {"live.ingress_only", "true"},
    {"live.merge_interfaces", "true"},
    {"live.promiscuous", "false"},
    {"live.wait", "true"},
    {"live.until_down", "true"},
    {"live.rings", "4"},
    {"live.ring_size", "64MiB"},
    {"live.user", "nobody"},
    {"live.seccomp", "false"},
    {"live.stats_interval", "10"},
    {"monitor", "{stats: s.jsonl}"},
    {"monitor.stats", "s.jsonl"},
    {"monitor.metrics", "9464"},
    {"trial", "{time: 0}"},
    {"trial.time", "1m"},
    {"trial.memory", "8GiB"},
    {"contamination", "[port, os]"},
    {"threads", "3"},
};

TEST(Setting, EveryKeyThatCanBeSetHasAValueHere) {
  std::vector<std::string> keys;
  for (const auto& [key, value] : kValues) keys.push_back(key);
  EXPECT_EQ(keys, settable_keys());
}

// "flow.linger" and "1s" are "flow: {linger: 1s}" in a file.
TEST(Setting, SetsWhatAProfileWouldSet) {
  for (const auto& [key, value] : kValues) {
    Profile profile;
    if (key == "labels.time_zone") profile.labels.file.value = "rules.csv";
    const Profile before = profile;
    const Result<void> done = apply(set(key, value), profile);
    ASSERT_TRUE(done) << key << ": " << done.error().message;
    EXPECT_NE(describe(profile), describe(before)) << key;
    if (key.starts_with("labels")) continue;  // a file's path is completed from the profile's folder
    const std::size_t dot = key.find('.');
    const std::string text = dot == std::string::npos
                                 ? fmt::format("{}: {}\n", key, value)
                                 : fmt::format("{}: {{{}: {}}}\n", key.substr(0, dot), key.substr(dot + 1), value);
    const Result<Profile> loaded = load_text(text);
    ASSERT_TRUE(loaded) << text << loaded.error().message;
    EXPECT_EQ(describe(profile), describe(*loaded)) << key;
  }
}

TEST(Setting, LeavesTheOtherKeysOfItsMapping) {
  Profile profile;
  const std::vector<Setting> settings = {set("flow.linger", "1s"), set("flow.max_flows", "9"),
                                         set("flow", "{idle_timeout: 3s}"), set("labels.file", "./a/rules.csv"),
                                         set("labels.time_zone", "+01:00")};
  const Result<void> done = apply(settings, profile);
  ASSERT_TRUE(done) << done.error().message;
  EXPECT_EQ(profile.flow.linger_ns, 1'000'000'000);
  EXPECT_EQ(profile.flow.max_flows, 9U);
  EXPECT_EQ(profile.flow.idle_timeout_ns, 3'000'000'000);
  EXPECT_EQ(profile.flow.active_timeout_ns, Profile().flow.active_timeout_ns);
  EXPECT_EQ(profile.labels.file.value, "./a/rules.csv") << "meant from the current folder, and shown as it was given";
  EXPECT_EQ(profile.labels.file.where(), "--set labels.file: ");
  EXPECT_EQ(profile.labels.time_zone.value, "+01:00");
}

TEST(Setting, AFlagsTextIsTakenAsItIs) {
  Profile profile;
  ASSERT_TRUE(apply({"packets.filter", "!arp and [x", SettingForm::kText, "--filter"}, profile));
  EXPECT_EQ(profile.packets.filter.value, "!arp and [x");
  EXPECT_EQ(profile.packets.filter.where(), "--filter: ");
  ASSERT_TRUE(apply({"packets.protocols", "udp,6", SettingForm::kList, "--protocols"}, profile));
  EXPECT_EQ(profile.packets.protocols, (std::vector<std::uint8_t>{6, 17}));
  ASSERT_TRUE(apply({"packets.protocols", "all", SettingForm::kList, "--protocols"}, profile));
  EXPECT_TRUE(profile.packets.protocols.empty());
}

TEST(Setting, AProfilesQuotesHold) {
  Profile profile;
  ASSERT_TRUE(apply(set("packets.filter", "'!arp'"), profile));
  EXPECT_EQ(profile.packets.filter.value, "!arp");
  ASSERT_TRUE(apply(set("packets.filter", "\"\""), profile));
  EXPECT_EQ(profile.packets.filter.value, "");
}

struct Wrong {
  const char *key, *value, *message;
};
const Wrong kWrong[] = {
    {"flow.lingr", "1s", "--set flow.lingr: unknown key 'lingr' in 'flow'; did you mean 'linger'?"},
    {"linger", "1s", "--set linger: unknown key 'linger'; it belongs under 'flow'"},
    {"flo.linger", "1s", "--set flo.linger: unknown key 'flo.linger'; did you mean 'flow.linger'?"},
    {"thread", "2", "--set thread: unknown key 'thread'; did you mean 'threads'?"},
    {"flow.threads", "2", "--set flow.threads: unknown key 'threads' in 'flow'; it belongs at the top of the profile"},
    {"threads.x", "2", "--set threads.x: 'threads' has no keys that can be set one by one; set it as a whole"},
    {"exporters.path", "x",
     "--set exporters.path: 'exporters' has no keys that can be set one by one; set it as a whole"},
    {"extends", "basic", "--set extends: 'extends' is a key of files; a profile is named with -p"},
    {"flow.max_flows", "0", "--set flow.max_flows: 'max_flows' must be a whole number from 1 to 1000000000, not '0'"},
    {"flow", "1s", "--set flow: 'flow' must be a mapping of keys, not a single value"},
    {"flow.linger", "", "--set flow.linger: 'linger' has no value; it must be a duration (120, 0.5, 250ms, 2m)"},
    {"flow.linger", "[1s]", "--set flow.linger: 'linger' must be a duration (120, 0.5, 250ms, 2m), not a list"},
    {"flow", "{lingr: 1s}", "--set flow: unknown key 'lingr' in 'flow'; did you mean 'linger'?"},
    {"flow", "{linger: 1s, linger: 2s}", "--set flow: 'linger' is given twice"},
    {"flow.linger", "&a 1s",
     "--set flow.linger: values have no anchors (&) and aliases (*); put a text that begins with one in quotes"},
    {"packets.protocols", "[tcp", "--set packets.protocols: a '[' before this is not closed"},
    {"features", "[iat, iat]", "--set features: feature 'iat' is listed twice"},
    {"exporters", "[basic, cic]",
     "--set exporters: schema 'cic' writes to standard output, as schema 'basic' does; give one of them another "
     "'path'"},
    {"exporters", "[{columns: [flow.id, flow.id]}]",
     "--set exporters: column 'flow.id' is there twice; give each its own name"},
};

TEST(Setting, WhatIsWrongIsSaidAsOfAProfile) {
  for (const Wrong& wrong : kWrong) EXPECT_EQ(refusal_of(set(wrong.key, wrong.value)), wrong.message) << wrong.key;
}

}  // namespace
}  // namespace flowgauge
