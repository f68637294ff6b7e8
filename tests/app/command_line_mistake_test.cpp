// What is said of a command line that is wrong.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "core/app/command_line.h"

namespace flowgauge {
namespace {

using testing::HasSubstr;
using testing::StartsWith;

Result<CommandLine> refused(const std::vector<std::string>& words) { return parse_command_line(words); }

struct Mistake {
  const char* name;
  std::vector<std::string> words;
  const char* message;
};

class CommandLineMistake : public testing::TestWithParam<Mistake> {};

TEST_P(CommandLineMistake, IsNamed) {
  const Result<CommandLine> line = refused(GetParam().words);
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
    const Result<CommandLine> line = refused({"pcap", "a", option, "soon"});
    ASSERT_FALSE(line) << option;
    EXPECT_THAT(line.error().message, StartsWith(std::string(option) + ": '"));
    EXPECT_THAT(line.error().message, HasSubstr("': 'soon' is not a duration"));
  }
  for (const char* option : {"--duration", "--stats-interval"}) {
    const Result<CommandLine> line = refused({"realtime", "eth0", option, "soon"});
    ASSERT_FALSE(line) << option;
    EXPECT_THAT(line.error().message, StartsWith(std::string(option) + ": "));
  }
}

TEST(CommandLine, LogLevelMistakeListsTheLevels) {
  const Result<CommandLine> line = refused({"--log-level", "loud", "version"});
  ASSERT_FALSE(line);
  EXPECT_EQ(line.error().code, ExitCode::kUsage);
  EXPECT_THAT(line.error().message, HasSubstr("trace, debug, info, warning, error, off"));
}

}  // namespace
}  // namespace flowgauge
