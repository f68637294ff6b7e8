// Every key of a profile that decides what a flow is has a flag of its name, which sets it as the profile would.
#include "core/app/key_flags.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <sstream>
#include <string>

#include "core/app/command_line.h"
#include "core/app/run_profile.h"
#include "core/profile/canonical.h"
#include "core/profile/profile_reader.h"

namespace flowgauge {
namespace {

// Keys of the two sections that have no flag, and why.
const std::map<std::string, std::string> kWithoutFlag = {};

Profile with_flag(const KeyFlag& flag, const std::string& text) {
  const std::string words[] = {"pcap", "a.pcap", flag_name(flag), text};
  const Result<CommandLine> line = parse_command_line(words);
  EXPECT_TRUE(line) << (line ? "" : line.error().message);
  if (!line) return {};
  const Result<Profile> profile = with_flags(std::get<PcapCommand>(line->command), {}, false);
  EXPECT_TRUE(profile) << (profile ? "" : profile.error().message);
  return profile ? *profile : Profile();
}

// The keys of the profile's canonical text with their values: "flow.linger" -> "5s".
std::map<std::string, std::string> values_of(const Profile& profile) {
  std::map<std::string, std::string> values;
  std::istringstream lines(describe(profile));
  std::string section;
  for (std::string line; std::getline(lines, line);) {
    const std::size_t colon = line.find(':');
    if (!line.starts_with(' ')) section = line.substr(0, colon);
    if (line.starts_with("  ") && line.size() > colon + 2)
      values[section + "." + line.substr(2, colon - 2)] = line.substr(colon + 2);
  }
  return values;
}

// As the command line writes what the canonical text has: "[tcp, udp]" is "tcp,udp", "\"\"" is nothing.
std::string as_flag(std::string value) {
  std::erase_if(value, [](char letter) { return letter == '[' || letter == ']' || letter == ' ' || letter == '"'; });
  return value;
}

TEST(KeyFlags, EveryKeyOfFlowAndPacketsHasOne) {
  for (const std::string& key : profile_keys()) {
    if (!key.starts_with("flow.") && !key.starts_with("packets.")) continue;
    const bool has_flag = std::ranges::find(rule_flags(), key, &KeyFlag::key) != rule_flags().end();
    EXPECT_NE(has_flag, kWithoutFlag.contains(key)) << key << ": give it a row in core/app/key_flags.cpp";
  }
}

TEST(KeyFlags, EachTakesTheDefaultAsTheProfileWritesIt) {
  const auto defaults = values_of(Profile());
  for (const KeyFlag& flag : rule_flags()) {
    const std::string key(flag.key);
    ASSERT_TRUE(defaults.contains(key) || key == "flow.hash_seed") << key;
    const std::string text = defaults.contains(key) ? defaults.at(key) : "auto";  // which is not written
    EXPECT_EQ(values_of(with_flag(flag, as_flag(text))), values_of(with_flags(PcapCommand(), {}, false).value()))
        << key;
  }
}

TEST(KeyFlags, EachSetsItsKeyAndNoOther) {
  const std::map<std::string, std::string> others = {{"flow.direction", "first_packet"},
                                                     {"flow.continuation", "fresh"},
                                                     {"flow.tcp_close", "immediate"},
                                                     {"flow.tcp_reuse", "merge"},
                                                     {"flow.flow_key", "no_vlan"},
                                                     {"flow.idle_timeout", "7s"},
                                                     {"flow.active_timeout", "8s"},
                                                     {"flow.linger", "0.25s"},
                                                     {"flow.early_export", "9s"},
                                                     {"flow.max_flows", "77"},
                                                     {"flow.hash_seed", "42"},
                                                     {"flow.clock_jump", "60s"},
                                                     {"packets.decapsulate", "outer"},
                                                     {"packets.fragments", "drop"},
                                                     {"packets.udp_payload", "packet"},
                                                     {"packets.vxlan_ports", "[4789, 48879]"},
                                                     {"packets.geneve_ports", "[1]"},
                                                     {"packets.gtpu_ports", "[]"},
                                                     {"packets.l2tpv3_cookie", "8"},
                                                     {"packets.protocols", "[tcp, 200]"},
                                                     {"packets.filter", "\"tcp port 443\""}};
  for (const KeyFlag& flag : rule_flags()) {
    const std::string key(flag.key);
    ASSERT_TRUE(others.contains(key)) << key << ": give it a value that is not its default";
    auto expected = values_of(with_flags(PcapCommand(), {}, false).value());
    ASSERT_NE(expected[key], others.at(key));
    expected[key] = others.at(key);
    std::string text = others.at(key);
    if (key != "packets.filter") text = as_flag(text);
    std::erase(text, '"');
    EXPECT_EQ(values_of(with_flag(flag, text)), expected) << key;
  }
}

TEST(KeyFlags, HelpOfBothCommandsShowsEach) {
  for (const char* command : {"pcap", "realtime"}) {
    const std::string words[] = {command, "--help"};
    const std::string help = std::get<HelpCommand>(parse_command_line(words)->command).text;
    for (const KeyFlag& flag : rule_flags())
      EXPECT_NE(help.find("\n  " + flag_name(flag) + " " + std::string(flag.value)), std::string::npos)
          << command << ": " << flag.key;
  }
}

TEST(KeyFlags, EachIsOfAKeyThatThereIs) {
  const std::vector<std::string> keys = settable_keys();
  for (const KeyFlag& flag : key_flags()) EXPECT_NE(std::ranges::find(keys, flag.key), keys.end()) << flag.key;
}

TEST(KeyFlags, EveryKeyOfLiveHasOneThatRealtimeTakes) {
  const std::string words[] = {"realtime", "--help"};
  const std::string help = std::get<HelpCommand>(parse_command_line(words)->command).text;
  for (const std::string& key : settable_keys()) {
    if (!key.starts_with("live.")) continue;
    const auto flag = std::ranges::find(key_flags(), key, &KeyFlag::key);
    ASSERT_NE(flag, key_flags().end()) << key << ": give it a row in core/app/key_flags.cpp";
    EXPECT_NE(help.find("\n  " + flag_name(*flag) + " "), std::string::npos) << key;
  }
}

TEST(KeyFlags, OverrideTheProfile) {
  PcapCommand command;
  command.settings = {{"flow.flow_key", "full", SettingForm::kText, "--flow-key"},
                      {"packets.protocols", "all", SettingForm::kList, "--protocols"}};
  Profile profile;
  profile.flow.flow_key = KeyRule::kFiveTuple;
  profile.packets.protocols = {6};
  const Result<Profile> result = with_flags(command, profile, false);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->flow.flow_key, KeyRule::kFull);
  EXPECT_TRUE(result->packets.protocols.empty());
}

}  // namespace
}  // namespace flowgauge
