#include "core/app/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace flowgauge {
namespace {

using testing::ElementsAre;

Result<CommandLine> parse(const std::vector<std::string>& words) { return parse_command_line(words); }

Command command_of(const std::vector<std::string>& words) {
  const Result<CommandLine> line = parse(words);
  if (line) return line->command;
  ADD_FAILURE() << line.error().message;
  return HelpCommand{};
}

TEST(CommandLine, PcapWithoutFlagsLeavesEverythingToTheProfile) {
  PcapCommand expected;
  expected.inputs = {"a.pcap"};
  EXPECT_EQ(std::get<PcapCommand>(command_of({"pcap", "a.pcap"})), expected);
}

TEST(CommandLine, BehindTwoDashesNothingIsAnOption) {
  const auto inputs_of = [](const std::vector<std::string>& words) {
    return std::get<PcapCommand>(command_of(words)).inputs;
  };
  EXPECT_THAT(inputs_of({"pcap", "--", "a.pcap"}), ElementsAre("a.pcap"));
  EXPECT_THAT(inputs_of({"pcap", "--", "-a.pcap", "--force", "-"}), ElementsAre("-a.pcap", "--force", "-"));
  EXPECT_THAT(inputs_of({"pcap", "a.pcap", "--force", "--", "b.pcap", "--"}), ElementsAre("a.pcap", "b.pcap", "--"));
  EXPECT_THAT(inputs_of({"pcap", "--", "pcap", "realtime", "columns"}), ElementsAre("pcap", "realtime", "columns"));
  EXPECT_TRUE(std::get<PcapCommand>(command_of({"pcap", "a.pcap", "--force", "--", "b.pcap"})).force);
  EXPECT_FALSE(std::get<PcapCommand>(command_of({"pcap", "a.pcap", "--", "--force"})).force);
  EXPECT_THAT(inputs_of({"--", "pcap", "a.pcap"}), ElementsAre("a.pcap"));
  EXPECT_THAT(std::get<RealtimeCommand>(command_of({"realtime", "--force", "--", "-eth0"})).interfaces,
              ElementsAre("-eth0"));
  EXPECT_EQ(std::get<ProfileCheckCommand>(command_of({"profile", "check", "--", "-p.yaml"})).path, "-p.yaml");
  EXPECT_EQ(std::get<PluginInfoCommand>(command_of({"plugin", "info", "--", "-x.so"})).path, "-x.so");
  EXPECT_EQ(std::get<PluginCheckCommand>(command_of({"plugin", "check", "--", "--json"})).path, "--json");
  EXPECT_EQ(std::get<PluginNewCommand>(command_of({"plugin", "new", "--", "-n"})).project.name, "-n");
  EXPECT_THAT(std::get<DoctorCommand>(command_of({"doctor", "--", "-eth0"})).interfaces, ElementsAre("-eth0"));
  EXPECT_EQ(command_of({"version", "--"}), Command(VersionCommand{}));
}

TEST(CommandLine, WhatIsTooMuchBehindTwoDashesIsNamedAsItIs) {
  EXPECT_EQ(parse({"plugins", "--", "-x"}).error().message,
            "'-x' is one argument too many; see 'flowgauge plugins --help'");
  EXPECT_EQ(parse({"pcap", "--"}).error().message, "a FILE is missing; see 'flowgauge pcap --help'");
  EXPECT_EQ(std::get<ProfileCheckCommand>(command_of({"--", "profile", "--", "check", "p.yaml"})).path, "p.yaml");
}

TEST(CommandLine, PcapWithEveryFlag) {
  PcapCommand expected;
  expected.inputs = {"a.pcap", "folder", "b.pcap"};
  expected.profile_path = "configs/basic.yaml";
  expected.schema = "cidds";
  expected.output = "jsonl";
  expected.export_path = "out.jsonl";
  expected.header = false;
  expected.drop_contaminants = true;
  expected.settings = {{"flow.active_timeout", "1800", SettingForm::kText, "--active-timeout"},
                       {"flow.idle_timeout", "0.5", SettingForm::kText, "--idle-timeout"},
                       {"flow.early_export", "250ms", SettingForm::kText, "--early-export"},
                       {"packets.filter", "tcp port 443", SettingForm::kText, "--filter"},
                       {"threads", "4", SettingForm::kText, "--threads"},
                       {"flow.linger", "1s", SettingForm::kYaml, "--set flow.linger"},
                       {"packets.protocols", "[tcp, udp]", SettingForm::kYaml, "--set packets.protocols"}};
  expected.max_packets = 1'000'000;
  expected.report_path = "run.json";
  expected.per_file = true;
  expected.force = true;
  expected.plugins = {{"one", "two"}, true};
  const Command command = command_of({"pcap",
                                      "a.pcap",
                                      "-p",
                                      "configs/basic.yaml",
                                      "--schema",
                                      "cidds",
                                      "-o",
                                      "jsonl",
                                      "folder",
                                      "--export-path",
                                      "out.jsonl",
                                      "--no-header",
                                      "--drop-contaminant-features",
                                      "--active-timeout",
                                      "1800",
                                      "--idle-timeout",
                                      "0.5",
                                      "--set",
                                      "flow.linger=1s",
                                      "--early-export",
                                      "250ms",
                                      "--set=packets.protocols=[tcp, udp]",
                                      "--threads",
                                      "4",
                                      "--filter",
                                      "tcp port 443",
                                      "--max-packets",
                                      "1000000",
                                      "--report",
                                      "run.json",
                                      "--per-file",
                                      "--force",
                                      "--plugin-dir",
                                      "one",
                                      "b.pcap",
                                      "--plugin-dir",
                                      "two",
                                      "--insecure-plugins"});
  EXPECT_EQ(std::get<PcapCommand>(command), expected);
}

TEST(CommandLine, EventsKnowTheirPlaceInTheJob) {
  EventsCommand expected;
  expected.inputs = {"a.pcap", "b.pcap"};
  expected.folder = "job";
  EXPECT_EQ(std::get<EventsCommand>(command_of({"events", "a.pcap", "b.pcap", "--out", "job"})), expected);
  expected.file_number = 3;
  expected.file_count = 9;
  expected.schema = "cic";
  expected.settings = {{"packets.filter", "tcp", SettingForm::kText, "--filter"}};
  EXPECT_EQ(std::get<EventsCommand>(command_of({"events", "a.pcap", "b.pcap", "--out", "job", "--file-number", "3",
                                                "--file-count", "9", "-f", "cic", "--filter", "tcp"})),
            expected);
}

TEST(CommandLine, FlowsAreOfAFolderAndOfPartitions) {
  FlowsCommand expected;
  expected.folder = "job";
  EXPECT_EQ(std::get<FlowsCommand>(command_of({"flows", "job"})), expected);
  expected.partitions = *parse_partitions("0-9");
  expected.order_columns = true;
  expected.export_path = "a.csv";
  EXPECT_EQ(std::get<FlowsCommand>(
                command_of({"flows", "job", "--partitions", "0-9", "--order-columns", "--export-path", "a.csv"})),
            expected);
}

TEST(CommandLine, RealtimeWithoutFlagsLeavesEverythingToTheProfile) {
  RealtimeCommand expected;
  expected.interfaces = {"eth0"};
  EXPECT_EQ(std::get<RealtimeCommand>(command_of({"realtime", "eth0"})), expected);
}

TEST(CommandLine, RealtimeMayNameNoInterface) {
  EXPECT_EQ(std::get<RealtimeCommand>(command_of({"realtime"})), RealtimeCommand());
}

TEST(CommandLine, RealtimeWithEveryFlagOfItsOwn) {
  RealtimeCommand expected;
  expected.interfaces = {"eth0", "eth1"};
  expected.profile_path = "cic";
  expected.export_path = "out.csv.zst";
  expected.max_packets = 1000;
  expected.settings = {{"flow.idle_timeout", "30", SettingForm::kText, "--idle-timeout"},
                       {"packets.filter", "udp", SettingForm::kText, "--filter"},
                       {"live.ingress_only", "true", SettingForm::kText, "--ingress-only"},
                       {"live.merge_interfaces", "true", SettingForm::kText, "--merge-interfaces"},
                       {"live.promiscuous", "false", SettingForm::kText, "--no-promiscuous"},
                       {"live.wait", "true", SettingForm::kText, "--wait"},
                       {"live.until_down", "true", SettingForm::kText, "--until-down"},
                       {"live.stats_interval", "0.5", SettingForm::kText, "--stats-interval"},
                       {"live.capture", "pcap", SettingForm::kText, "--capture"},
                       {"live.attach", "clsact", SettingForm::kText, "--attach"},
                       {"live.rings", "4", SettingForm::kText, "--rings"},
                       {"live.ring_size", "64MiB", SettingForm::kText, "--ring-size"}};
  expected.duration_ns = 5'400'000'000'000;
  const Command command = command_of({"realtime",
                                      "eth0",
                                      "-p",
                                      "cic",
                                      "--export-path",
                                      "out.csv.zst",
                                      "--max-packets",
                                      "1000",
                                      "--filter",
                                      "udp",
                                      "eth1",
                                      "--rings",
                                      "4",
                                      "--ring-size",
                                      "64MiB",
                                      "--capture",
                                      "pcap",
                                      "--attach",
                                      "clsact",
                                      "--ingress-only",
                                      "--merge-interfaces",
                                      "--no-promiscuous",
                                      "--wait",
                                      "--until-down",
                                      "--duration",
                                      "1.5h",
                                      "--stats-interval",
                                      "0.5",
                                      "--idle-timeout",
                                      "30"});
  EXPECT_EQ(std::get<RealtimeCommand>(command), expected);
}

TEST(CommandLine, RingsMayBeLeftToTheMachineAgain) {
  const auto realtime =
      std::get<RealtimeCommand>(command_of({"realtime", "eth0", "--rings", "auto", "--ring-size=auto"}));
  Profile profile;
  profile.live.rings = 4;
  profile.live.ring_bytes = 1 << 20;
  ASSERT_TRUE(apply(realtime.settings, profile));
  EXPECT_EQ(profile.live.rings, 0U);
  EXPECT_EQ(profile.live.ring_bytes, 0U);
}

TEST(CommandLine, StandardInputIsADash) {
  EXPECT_EQ(std::get<PcapCommand>(command_of({"pcap", "-"})).inputs, std::vector<std::string>{"-"});
}

TEST(CommandLine, HeaderIsAChoice) {
  EXPECT_EQ(std::get<PcapCommand>(command_of({"pcap", "a", "--header"})).header, true);
  EXPECT_EQ(std::get<PcapCommand>(command_of({"pcap", "a", "--no-header"})).header, false);
  EXPECT_EQ(std::get<PcapCommand>(command_of({"pcap", "a"})).header, std::nullopt);
}

TEST(CommandLine, ZeroTimeoutsMeanNever) {
  const auto pcap = std::get<PcapCommand>(command_of({"pcap", "a", "--active-timeout", "0", "--idle-timeout=0"}));
  EXPECT_THAT(pcap.settings, ElementsAre(Setting{"flow.active_timeout", "0", SettingForm::kText, "--active-timeout"},
                                         Setting{"flow.idle_timeout", "0", SettingForm::kText, "--idle-timeout"}));
}

TEST(CommandLine, OtherCommands) {
  EXPECT_EQ(std::get<PluginsCommand>(command_of({"plugins"})), PluginsCommand{});
  EXPECT_EQ(std::get<PluginsCommand>(command_of({"plugins", "--json", "--plugin-dir", "x"})),
            (PluginsCommand{{{"x"}, false}, ListFormat::kJson}));
  EXPECT_EQ(std::get<PluginsCommand>(command_of({"plugins", "--markdown"})).format, ListFormat::kMarkdown);
  EXPECT_EQ(std::get<ColumnsCommand>(command_of({"columns"})), ColumnsCommand{});
  EXPECT_EQ(std::get<ColumnsCommand>(command_of({"columns", "--markdown"})).format, ListFormat::kMarkdown);
  EXPECT_EQ(std::get<ColumnsCommand>(command_of({"columns", "--json"})).format, ListFormat::kJson);
  EXPECT_TRUE(std::get<ColumnsCommand>(command_of({"columns", "--contamination"})).contamination);
  EXPECT_EQ(std::get<ProfileCheckCommand>(command_of({"profile", "check", "my.yaml"})),
            (ProfileCheckCommand{"my.yaml", {}, {}}));
  EXPECT_EQ(std::get<ProfileCheckCommand>(command_of({"profile", "check", "my.yaml", "--set", "threads=2"})).settings,
            (std::vector<Setting>{{"threads", "2", SettingForm::kYaml, "--set threads"}}));
  EXPECT_EQ(std::get<VersionCommand>(command_of({"version"})), VersionCommand{});
}

TEST(CommandLine, NewPlugins) {
  EXPECT_EQ(std::get<PluginNewCommand>(command_of({"plugin", "new", "mine"})).project,
            (NewProject{.name = "mine", .folder = "mine"}));
  EXPECT_EQ(std::get<PluginNewCommand>(
                command_of({"plugin", "new", "mine", "--schema", "--c", "--license", "MIT", "--dir", "there"}))
                .project,
            (NewProject{"mine", PluginKind::kSchema, PluginLanguage::kC, "MIT", "there"}));
  EXPECT_EQ(std::get<PluginNewCommand>(command_of({"plugin", "new", "mine", "--sink"})).project.kind,
            PluginKind::kSink);
  EXPECT_EQ(std::get<PluginNewCommand>(command_of({"plugin", "new", "mine", "--derived"})).project,
            (NewProject{.name = "mine", .kind = PluginKind::kDerived, .folder = "mine"}));
  EXPECT_EQ(std::get<PluginInfoCommand>(command_of({"plugin", "info", "a.so", "--json", "--insecure-plugins"})),
            (PluginInfoCommand{"a.so", {{}, true}, true}));
}

TEST(CommandLine, LogLevelBeforeAndBehindTheCommand) {
  EXPECT_EQ(parse({"--log-level", "debug", "version"})->log_level, LogLevel::kDebug);
  EXPECT_EQ(parse({"pcap", "a", "--log-level", "warning"})->log_level, LogLevel::kWarning);
  EXPECT_EQ(parse({"pcap", "a"})->log_level, LogLevel::kInfo);
}

TEST(CommandLine, Configure) {
  EXPECT_EQ(std::get<ConfigureCommand>(command_of({"configure"})), (ConfigureCommand{}));
  EXPECT_EQ(std::get<ConfigureCommand>(command_of({"configure", "mine.yaml", "--plugin-dir", "p"})),
            (ConfigureCommand{.path = "mine.yaml", .plugins = {.directories = {"p"}}}));
}

// Each command that has a help, with its words.
}  // namespace
}  // namespace flowgauge
