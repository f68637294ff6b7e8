#include "core/app/command_line.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>
#include <string>
#include <vector>

namespace flowgauge {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

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
std::vector<std::vector<std::string>> all_commands() {
  return {{},
          {"pcap"},
          {"realtime"},
          {"events"},
          {"flows"},
          {"merge"},
          {"summary"},
          {"plugins"},
          {"plugin"},
          {"plugin", "new"},
          {"plugin", "check"},
          {"plugin", "info"},
          {"columns"},
          {"profile"},
          {"profile", "check"},
          {"profile", "explain"},
          {"configure"},
          {"doctor"},
          {"version"},
          {"manual"},
          {"completion"},
          {"completion", "bash"}};
}

std::string help_of(std::vector<std::string> words) {
  words.emplace_back("--help");
  return std::get<HelpCommand>(command_of(words)).text;
}

// The lines below "Examples:", without what they are said to do.
std::vector<std::string> examples_of(const std::string& help) {
  std::vector<std::string> examples;
  std::istringstream lines(help.substr(std::min(help.find("\nExamples:\n"), help.size())));
  std::string line;
  for (int i = 0; i < 2; ++i) std::getline(lines, line);  // what is before the heading, and it
  while (std::getline(lines, line) && !line.empty()) {
    if (line.starts_with("   ")) continue;
    const std::string command = line.substr(0, line.find("   ", 2));
    examples.push_back(command.substr(command.find("flowgauge ")));
  }
  return examples;
}

// As a shell does it: single quotes keep words together.
std::vector<std::string> words_of(const std::string& command) {
  std::vector<std::string> words(1);
  bool quoted = false;
  for (const char letter : command) {
    if (letter == '\'') {
      quoted = !quoted;
    } else if (letter == ' ' && !quoted) {
      words.emplace_back();
    } else if (letter == '|') {
      break;
    } else {
      words.back() += letter;
    }
  }
  std::erase(words, "");
  return words;
}

TEST(CommandLine, ExamplesOfTheHelpAreRight) {
  for (const auto& command : all_commands()) {
    std::string own = "flowgauge";
    for (const std::string& word : command) own += " " + word;
    const std::vector<std::string> examples = examples_of(help_of(command));
    bool has_own = false;
    for (const std::string& example : examples) {
      has_own = has_own || (example + " ").starts_with(own + " ");
      std::vector<std::string> words = words_of(example);
      words.erase(words.begin());
      const auto line = parse(words);
      EXPECT_TRUE(line) << own << ": " << example << ": " << (line ? "" : line.error().message);
    }
    const std::string last = command.empty() ? "" : command.back();
    const bool needs_none = last == "bash" || last == "version" || last == "manual" || last == "completion";
    EXPECT_NE(has_own, needs_none) << own;
  }
}

TEST(CommandLine, HelpFitsIts120Columns) {
  for (const auto& command : all_commands()) {
    std::istringstream lines(help_of(command));
    for (std::string line; std::getline(lines, line);) EXPECT_LE(line.size(), 120U) << line;
  }
}

TEST(CommandLine, HelpIsThatOfTheCommand) {
  const std::string pcap = std::get<HelpCommand>(command_of({"pcap", "--help"})).text;
  EXPECT_THAT(pcap, HasSubstr("--export-path"));
  EXPECT_THAT(pcap, HasSubstr("Examples:"));
  EXPECT_THAT(pcap, HasSubstr("130  interrupted"));
  const std::string top = std::get<HelpCommand>(command_of({"--help"})).text;
  EXPECT_THAT(top, HasSubstr("flowgauge columns"));
  EXPECT_THAT(top, Not(HasSubstr("--idle-timeout")));
  EXPECT_THAT(top, Not(HasSubstr("Print the manual page")));
  EXPECT_THAT(top, HasSubstr("Usage: flowgauge [OPTIONS]"));
  EXPECT_THAT(pcap, HasSubstr("Usage: flowgauge pcap [OPTIONS] FILE"));
  EXPECT_THAT(pcap, HasSubstr("\n  --header, --no-header           Start a CSV table"));
  EXPECT_THAT(pcap, HasSubstr("\n  --plugin-dir DIR...             Search"));
  EXPECT_THAT(pcap, HasSubstr("\n  FILE...                         Capture files"));
  EXPECT_THAT(std::get<HelpCommand>(command_of({"profile", "check", "-h"})).text,
              HasSubstr("Usage: flowgauge profile check [OPTIONS] FILE"));
}

TEST(CommandLine, ManualPageHasEveryCommandAndOption) {
  const std::string page = std::get<HelpCommand>(command_of({"manual"})).text;
  EXPECT_THAT(page, StartsWith(".TH FLOWGAUGE 1"));
  for (const char* word : {"\\-\\-idle\\-timeout", "\\fB\\-o, \\-\\-output\\fR", "\\-\\-no\\-header\\fR",
                           "flowgauge profile check", "EXIT STATUS", "FLOWGAUGE_PLUGIN_PATH"}) {
    EXPECT_THAT(page, HasSubstr(word));
  }
  EXPECT_THAT(page, HasSubstr("\\fB\\-\\-force\\fR\n")) << "a flag has no value";
  EXPECT_THAT(page, Not(HasSubstr("\\fI\\fR")));
}

struct Mistake {
  const char* name;
  std::vector<std::string> words;
  const char* message;
};

class CommandLineMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CommandLineMistake, IsNamed) {
  const Result<CommandLine> line = parse(GetParam().words);
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, ExitCode::kUsage);
  EXPECT_EQ(line.error().message, GetParam().message);
}

const Mistake kMistakes[] = {
    {"nothing", {}, "say what to do, as in 'flowgauge pcap capture.pcap'; see 'flowgauge --help'"},
    {"command", {"pcapp", "a"}, "unknown command 'pcapp'; did you mean 'pcap'?; see 'flowgauge --help'"},
    {"far_command", {"frobnicate"}, "unknown command 'frobnicate'; see 'flowgauge --help'"},
    {"no_file", {"pcap"}, "a FILE is missing; see 'flowgauge pcap --help'"},
    {"no_profile_file", {"profile", "check"}, "a FILE is missing; see 'flowgauge profile check --help'"},
    {"profile_alone",
     {"profile"},
     "profile: say what to do, as in 'flowgauge profile check FILE'; see 'flowgauge profile --help'"},
    {"profile_command",
     {"profile", "chekc"},
     "unknown command 'chekc'; did you mean 'check'?; see 'flowgauge profile --help'"},
    {"option",
     {"pcap", "a", "--exportpath", "x"},
     "unknown option '--exportpath'; did you mean '--export-path'?; see 'flowgauge pcap --help'"},
    {"option_with_value",
     {"pcap", "a", "--idle-timout=3"},
     "unknown option '--idle-timout'; did you mean '--idle-timeout'?; see 'flowgauge pcap --help'"},
    {"option_without_file",
     {"pcap", "--frce"},
     "unknown option '--frce'; did you mean '--force'?; see 'flowgauge pcap --help'"},
    {"one_too_many",
     {"profile", "check", "a", "b"},
     "'b' is one argument too many; see 'flowgauge profile check --help'"},
    {"value_missing", {"pcap", "a", "--filter"}, "--filter: 1 required EXPR missing; see 'flowgauge pcap --help'"},
    {"threads",
     {"pcap", "a", "--threads", "0"},
     "--threads: 'threads' must be 'auto' or a whole number from 1 to 256; see 'flowgauge pcap --help'"},
    {"many_threads",
     {"pcap", "a", "--threads", "257"},
     "--threads: 'threads' must be 'auto' or a whole number from 1 to 256; see 'flowgauge pcap --help'"},
    {"max_packets",
     {"pcap", "a", "--max-packets", "1e6"},
     "--max-packets: '1e6' is no whole number from 1 to 18446744073709551615; see 'flowgauge pcap --help'"},
    {"partitions",
     {"pcap", "a", "--partitions", "0-9,256"},
     "--partitions: '256' is neither a number from 0 to 255 nor a range of them, as 0-63; see 'flowgauge pcap --help'"},
    {"no_folder", {"events", "a"}, "--out is missing; see 'flowgauge events --help'"},
    {"number_without_count",
     {"events", "a", "--out", "b", "--file-number", "2"},
     "--file-number: say with --file-count how many captures the job has; see 'flowgauge events --help'"},
    {"number_0",
     {"events", "a", "--out", "b", "--file-number", "0", "--file-count", "2"},
     "--file-number: '0' is no whole number from 1 to 1000000000; see 'flowgauge events --help'"},
    {"no_job", {"flows"}, "a DIR is missing; see 'flowgauge flows --help'"},
    {"partitions_of_flows",
     {"flows", "a", "--partitions", "x"},
     "--partitions: 'x' is neither a number from 0 to 255 nor a range of them, as 0-63; see 'flowgauge flows --help'"},
    {"no_table", {"merge", "-o", "a.csv"}, "a TABLE is missing; see 'flowgauge merge --help'"},
    {"no_interface_and_a_mistake",
     {"realtime", "--until-dwn"},
     "unknown option '--until-dwn'; did you mean '--until-down'?; see 'flowgauge realtime --help'"},
    {"interface_twice",
     {"realtime", "eth0", "eth1", "eth0"},
     "interface eth0 is named twice; see 'flowgauge realtime --help'"},
    {"capture",
     {"realtime", "eth0", "--capture", "xdp"},
     "--capture: 'xdp' is not a value of 'capture' (auto, ebpf, pcap); see 'flowgauge realtime --help'"},
    {"attach",
     {"realtime", "eth0", "--attach", "tc"},
     "--attach: 'tc' is not a value of 'attach' (auto, tcx, clsact); did you mean 'tcx'?; see 'flowgauge realtime "
     "--help'"},
    {"rings",
     {"realtime", "eth0", "--rings", "3"},
     "--rings: 'rings': '3' is neither 'auto' nor a power of 2 from 1 to 256; see 'flowgauge realtime --help'"},
    {"ring_size",
     {"realtime", "eth0", "--ring-size", "1KiB"},
     "--ring-size: 'ring_size': '1KiB' is neither 'auto' nor a power of 2 from 64KiB to 2GiB; see 'flowgauge realtime "
     "--help'"},
    {"ring_size_word",
     {"realtime", "eth0", "--ring-size", "big"},
     "--ring-size: 'ring_size': 'big' is not a size; write bytes (65536) or a whole number with one of KiB, MiB, GiB; "
     "see "
     "'flowgauge realtime --help'"},
    {"option_of_another_command",
     {"realtime", "eth0", "--per-file"},
     "unknown option '--per-file'; did you mean '--profile'?; see 'flowgauge realtime --help'"},
    {"choice_of_a_key",
     {"pcap", "a", "--flow-key", "no-vlan"},
     "--flow-key: 'no-vlan' is not a value of 'flow_key' (full, no_vlan, five_tuple); did you mean 'no_vlan'?; see "
     "'flowgauge "
     "pcap "
     "--help'"},
    {"number_of_a_key",
     {"realtime", "eth0", "--max-flows", "0"},
     "--max-flows: 'max_flows' must be a whole number from 1 to 1000000000, not '0'; see 'flowgauge realtime --help'"},
    {"entry_of_a_key",
     {"pcap", "a", "--protocols", "tcp,udb"},
     "--protocols: 'udb' is not a value of 'protocols' (hopopt, icmp, igmp, ipip, tcp, udp, dccp, ipv6, gre, esp, "
     "ah, icmpv6, eigrp, ospf, pim, vrrp, sctp, udplite); did you mean 'udp'?; see 'flowgauge pcap --help'"},
    {"set_without_value",
     {"pcap", "a", "--set", "flow.linger"},
     "--set: 'flow.linger' is not KEY=VALUE, as in flow.linger=1s; see 'flowgauge pcap --help'"},
    {"set_without_key",
     {"pcap", "a", "--set", "=1s"},
     "--set: '=1s' is not KEY=VALUE, as in flow.linger=1s; see 'flowgauge pcap --help'"},
    {"set_value",
     {"realtime", "eth0", "--set", "flow.linger=soon"},
     "--set flow.linger: 'linger': 'soon' is not a duration; write seconds (120, 0.5) or a number with one of ns, us, "
     "ms, s, m, h, d; see 'flowgauge realtime --help'"},
    {"set_key",
     {"pcap", "a", "--set", "flow.lingr=1s"},
     "--set flow.lingr: unknown key 'lingr' in 'flow'; did you mean 'linger'?; see 'flowgauge pcap --help'"},
    {"set_key_without_section",
     {"pcap", "a", "--set", "linger=1s"},
     "--set linger: unknown key 'linger'; it belongs under 'flow'; see 'flowgauge pcap --help'"},
    {"set_twice",
     {"pcap", "a", "--set", "flow.linger=1s", "--linger", "2"},
     "flow.linger is set twice, by --linger and by --set flow.linger; see 'flowgauge pcap --help'"},
    {"columns_contamination_as_markdown",
     {"columns", "--contamination", "--markdown"},
     "--contamination and --markdown exclude each other; see 'flowgauge columns --help'"},
    {"columns_twice",
     {"columns", "--json", "--markdown"},
     "--json and --markdown exclude each other; see 'flowgauge columns --help'"},
};

INSTANTIATE_TEST_SUITE_P(Table, CommandLineMistake, testing::ValuesIn(kMistakes),
                         [](const auto& row) { return std::string(row.param.name); });

TEST(CommandLine, DurationMistakesNameTheOption) {
  for (const char* option : {"--active-timeout", "--idle-timeout", "--early-export"}) {
    const Result<CommandLine> line = parse({"pcap", "a", option, "soon"});
    ASSERT_FALSE(line) << option;
    EXPECT_THAT(line.error().message, StartsWith(std::string(option) + ": '"));
    EXPECT_THAT(line.error().message, HasSubstr("': 'soon' is not a duration"));
  }
  for (const char* option : {"--duration", "--stats-interval"}) {
    const Result<CommandLine> line = parse({"realtime", "eth0", option, "soon"});
    ASSERT_FALSE(line) << option;
    EXPECT_THAT(line.error().message, StartsWith(std::string(option) + ": "));
  }
}

TEST(CommandLine, LogLevelMistakeListsTheLevels) {
  const Result<CommandLine> line = parse({"--log-level", "loud", "version"});
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, ExitCode::kUsage);
  EXPECT_THAT(line.error().message, HasSubstr("trace, debug, info, warning, error, off"));
}

}  // namespace
}  // namespace flowgauge
