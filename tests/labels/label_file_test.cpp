// Label files in both spellings: what they say, and what each mistake is told.
#include "core/labels/label_file.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "core/base/digest.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;
namespace fs = std::filesystem;

class LabelFiles : public testing::Test {
 protected:
  LabelFiles() { fs::create_directories(folder_); }
  ~LabelFiles() override { fs::remove_all(folder_); }

  Result<LabelFile> read(const std::string& name, const std::string& text,
                         std::optional<std::int32_t> zone = {}) const {
    std::ofstream(folder_ / name, std::ios::binary) << text;
    return read_label_file((folder_ / name).string(), zone);
  }
  // The message without the folder; "" if there is none.
  std::string refusal(const std::string& name, const std::string& text) const {
    const Result<LabelFile> file = read(name, text);
    if (file) return "";
    EXPECT_EQ(file.error().code, ExitCode::kUsage);
    const std::string folder = folder_.string() + "/";
    EXPECT_TRUE(file.error().message.starts_with(folder)) << file.error().message;
    return file.error().message.substr(folder.size());
  }

  fs::path folder_ = fs::temp_directory_path() / ("flowgauge_labels_" + std::to_string(::getpid()));
};

Prefix host4(std::uint8_t last) { return {{10, 0, 0, last}, 32, 4}; }

constexpr const char* kCsv =
    "\xef\xbb\xbf# Tuesday\r\n"
    "begin,end,src_ip,dst_ip,dst_port,protocol,direction,label,attack\r\n"
    "\r\n"
    "1970-01-01T01:00+01:00,10,10.0.0.1 10.0.0.2,2001:db8::/32,\"21 8000-8100\",tcp 17,as_sent,\"FTP, "
    "\"\"slow\"\"\",1\r\n"
    " , ,,,,,, BENIGN ,\r\n";
constexpr const char* kYaml =
    "# the same\n"
    "time_zone: +01:00\n"
    "columns: [label, attack]\n"
    "rules:\n"
    "  - begin: 1970-01-01T01:00\n"
    "    end: 10\n"
    "    src_ip: [10.0.0.1, 10.0.0.2]\n"
    "    dst_ip: 2001:db8::/32\n"
    "    dst_port: [21, 8000-8100]\n"
    "    protocol: tcp 17\n"
    "    direction: as_sent\n"
    "    label: FTP, \"slow\"\n"
    "    attack: 1\n"
    "  - label: BENIGN\n";

TEST_F(LabelFiles, BothSpellingsSayTheSame) {
  for (const auto& [name, text, lines] :
       {std::tuple{"a.csv", kCsv, std::pair{4, 5}}, std::tuple{"a.yaml", kYaml, std::pair{5, 14}}}) {
    const Result<LabelFile> file = read(name, text);
    ASSERT_TRUE(file) << file.error().message;
    EXPECT_EQ(file->sha256, sha256_hex(text));
    EXPECT_THAT(file->columns, ElementsAre("label", "attack"));
    ASSERT_EQ(file->rules.size(), 2U);
    const LabelRule& rule = file->rules[0];
    EXPECT_EQ(rule.line, lines.first);
    EXPECT_EQ(rule.begin_ns, 0);
    EXPECT_EQ(rule.end_ns, 10'000'000'000);
    EXPECT_THAT(rule.source.addresses, ElementsAre(host4(1), host4(2)));
    EXPECT_THAT(rule.destination.addresses, ElementsAre(Prefix{{0x20, 0x01, 0x0d, 0xb8}, 32, 6}));
    EXPECT_THAT(rule.destination.ports, ElementsAre(PortRange{21, 21}, PortRange{8000, 8100}));
    EXPECT_EQ(rule.protocols.count(), 2U);
    EXPECT_TRUE(rule.protocols[6] && rule.protocols[17]);
    EXPECT_EQ(rule.direction, LabelRule::Direction::kAsSent);
    EXPECT_THAT(rule.texts, ElementsAre("FTP, \"slow\"", "1"));
    const LabelRule& rest = file->rules[1];
    EXPECT_EQ(rest.line, lines.second);
    EXPECT_THAT(rest.texts, ElementsAre("BENIGN", ""));
    EXPECT_TRUE(rest.source.addresses.empty() && rest.any.ports.empty() && rest.protocols.none());
    EXPECT_EQ(rest.direction, LabelRule::Direction::kEither);
    EXPECT_LT(rest.begin_ns, -(std::int64_t{1} << 62));
    EXPECT_GT(rest.end_ns, std::int64_t{1} << 62);
  }
}

TEST_F(LabelFiles, TheFilesOwnZoneComesFirst) {
  const auto begin_of = [&](const std::string& zone, std::optional<std::int32_t> given) {
    const auto file = read("z.yml", zone + "rules: [{begin: 1970-01-01T00:00, label: x}]\n", given);
    return file ? file->rules[0].begin_ns / 1'000'000'000 : -1;
  };
  EXPECT_EQ(begin_of("time_zone: -01:00\n", 0), 3600);
  EXPECT_EQ(begin_of("", -7200), 7200);
  EXPECT_EQ(begin_of("", std::nullopt), -1) << "refused: no zone at all";
}

TEST_F(LabelFiles, CsvDetails) {
  const auto file =
      read("a.csv",
           "src_ip,label,note\n10.0.0.1,a,\n10.0.0.2,b,\"two\nlines\"\n10.0.0.3,c,#no remark\n#remark,,\n10.0.0.4,d,");
  ASSERT_TRUE(file) << file.error().message;
  ASSERT_EQ(file->rules.size(), 4U);
  EXPECT_THAT(file->rules[0].texts, ElementsAre("a", ""));
  EXPECT_THAT(file->rules[1].texts, ElementsAre("b", "two\nlines"));
  EXPECT_EQ(file->rules[1].line, 3);
  EXPECT_THAT(file->rules[2].texts, ElementsAre("c", "#no remark"));
  EXPECT_EQ(file->rules[2].line, 5);
  EXPECT_THAT(file->rules[3].texts, ElementsAre("d", ""));
  EXPECT_EQ(file->rules[3].line, 7);
}

TEST_F(LabelFiles, MistakesInCsv) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "a.csv:1: the file is empty"},
      {"# nothing\n", "a.csv:1: the file is empty"},
      {"src_ip,label\n", "a.csv: has no rule"},
      {"src_ip,dst_ip\n10.0.0.1,10.0.0.2\n",
       "a.csv:1: no column is called 'label'; the first line names the columns, as 'src_ip,label'"},
      {"scr_ip,label\n10.0.0.1,x\n", "a.csv:1: unknown column 'scr_ip'; did you mean 'src_ip'?"},
      {"src_ip,lable\n10.0.0.1,x\n", "a.csv:1: unknown column 'lable'; did you mean 'label'?"},
      {"colour,label\nred,x\n",
       "a.csv:1: unknown column 'colour'; before 'label' there may be begin, end, src_ip, dst_ip, any_ip, src_port, "
       "dst_port, any_port, protocol, direction"},
      {"src_ip,src_ip,label\na,b,x\n", "a.csv:1: the column 'src_ip' is there twice"},
      {"label,src_ip\nx,10.0.0.1\n",
       "a.csv: 'src_ip' is a condition and cannot be a label column; conditions stand before 'label'"},
      {"label,label\nx,y\n", "a.csv: the label column 'label' is there twice"},
      {"label,\nx,y\n", "a.csv: a label column has no name"},
      {"src_ip,label\n10.0.0.1,x\n10.0.0.1\n",
       "a.csv:3: 1 cell, but the header has 2; put texts with commas in quotes"},
      {"src_ip,label\n10.0.0.1,\n", "a.csv:2: the rule has no 'label'; say what it labels a flow"},
      {"src_ip,label\n\n\"10.0.0.1,x\n", "a.csv:3: a quote is opened and not closed"},
      {"src_ip,label\n\n10.0.0.1,Web \x96 XSS\n", "a.csv:3: a text is not UTF-8; save the file as UTF-8"},
      {"src_ip,label\n\"10.0.0.1\"0,x\n", "a.csv:2: after a closing quote a comma or the line's end must follow"},
      {"src_ip,label\n10.0.0,x\n",
       "a.csv:2: 'src_ip': '10.0.0' is no address; write it as 172.16.0.1, 10.0.0.0/8 or 2001:db8::/32"},
      {"src_ip,label\n10.0.0.1/33,x\n", "a.csv:2: 'src_ip': '10.0.0.1/33': a prefix of IPv4 has 0 to 32 bits"},
      {"src_ip,label\n::/129,x\n", "a.csv:2: 'src_ip': '::/129': a prefix of IPv6 has 0 to 128 bits"},
      {"src_ip,label\n192.168.10.50/24,x\n",
       "a.csv:2: 'src_ip': '192.168.10.50/24' has bits behind its prefix; the network is 192.168.10.0/24, the host "
       "192.168.10.50"},
      {"src_ip,label\nattacker.example,x\n",
       "a.csv:2: 'src_ip': 'attacker.example' is no address; write it as 172.16.0.1, 10.0.0.0/8 or 2001:db8::/32"},
      {"dst_port,label\n65536,x\n",
       "a.csv:2: 'dst_port': '65536' is no port; write it as 80 or 8000-8100, up to 65535"},
      {"dst_port,label\nhttp,x\n", "a.csv:2: 'dst_port': 'http' is no port; write it as 80 or 8000-8100, up to 65535"},
      {"dst_port,label\n90-80,x\n", "a.csv:2: 'dst_port': '90-80' ends before it begins; write 80-90"},
      {"protocol,label\ntpc,x\n",
       "a.csv:2: 'protocol': 'tpc' is no protocol: a number up to 255, or one of hopopt, icmp, igmp, ipip, tcp, udp, "
       "dccp, "
       "ipv6, gre, esp, ah, icmpv6, eigrp, ospf, pim, vrrp, sctp, udplite; did you mean 'tcp'?"},
      {"direction,label\neihter,x\n",
       "a.csv:2: 'direction': 'eihter' is not 'either' or 'as_sent'; did you mean 'either'?"},
      {"begin,label\n2017-07-04T09:20,x\n",
       "a.csv:2: 'begin': '2017-07-04T09:20' has no offset from UTC; end it with one, as +02:00 or Z, or give a "
       "time_zone"},
      {"begin,end,label\n20,20,x\n",
       "a.csv:2: the rule's 'end' is not after its 'begin'; are they swapped, or of two time zones?"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(refusal("a.csv", text), expected) << text;
}

TEST_F(LabelFiles, MistakesInYaml) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"", "a.yaml:1: the label file is empty"},
      {"- label: x\n", "a.yaml:1: a label file is a mapping with 'rules', not a list"},
      {"rule: []\n", "a.yaml:1: unknown key 'rule'; did you mean 'rules'?"},
      {"default: BENIGN\n", "a.yaml:1: unknown key 'default'; the keys are: time_zone, columns, rules"},
      {"time_zone: Europe/Berlin\nrules: []\n",
       "a.yaml:1: 'time_zone': 'Europe/Berlin' is no offset from UTC; write it as +02:00, -03:00 or Z"},
      {"rules: []\n", "a.yaml: has no rule"},
      {"columns: []\nrules: [{label: x}]\n", "a.yaml:1: 'columns' is empty; leave it out for one column 'label'"},
      {"rules:\n  - x\n", "a.yaml:2: a rule is a mapping of keys ('src_ip:', 'label:', ...), not a single value"},
      {"rules:\n  - label: x\n    scr_ip: 10.0.0.1\n",
       "a.yaml:3: unknown key 'scr_ip' in a rule; did you mean 'src_ip'?"},
      {"rules:\n  - label: x\n    severity: 3\n",
       "a.yaml:3: unknown key 'severity' in a rule; the keys are: begin, end, src_ip, dst_ip, any_ip, src_port, "
       "dst_port, "
       "any_port, protocol, direction, label; more label columns are named in 'columns'"},
      {"rules:\n  - src_ip: 10.0.0.1\n    dst_port: 7-\n    label: x\n",
       "a.yaml:3: 'dst_port': '7-' is no port; write it as 80 or 8000-8100, up to 65535"},
      {"rules:\n  - label: x\n  - dst_port: 7\n", "a.yaml:3: the rule has no 'label'; say what it labels a flow"},
      {"columns: [attack, label]\nrules:\n  - label: x\n",
       "a.yaml:3: the rule has no 'attack'; say what it labels a flow"},
      {"columns: [label, src_ip]\nrules: [{label: x}]\n",
       "a.yaml: 'src_ip' is a condition and cannot be a label column; conditions stand before 'label'"},
      {"rules: [{label: x}]\n---\nrules: []\n", "a.yaml:2: a label file is one YAML document; this begins another"},
      {"rules: [{label: &a x}]\n",
       "a.yaml:1: label files have no anchors (&) and aliases (*); put a text that begins with one in quotes"},
      {"rules:\n  - src_ip: [10.0.0.1, {a: b}]\n    label: x\n",
       "a.yaml:2: 'src_ip' must be a list of single values, not a mapping"},
      {"rules:\n  - src_ip: [10.0.0.1, \"a\\nb c\"]\n    label: x\n",
       "a.yaml:2: 'src_ip': 'a\\x0ab c' has a blank in it"},
  };
  for (const auto& [text, expected] : cases) EXPECT_EQ(refusal("a.yaml", text), expected) << text;
}

TEST_F(LabelFiles, MistakesOfTheFile) {
  EXPECT_EQ(refusal("a.txt", "label\nx\n"), "a.txt: a file of label rules ends in .csv, .yaml or .yml");
  EXPECT_EQ(refusal("a.csv", std::string("label\n\0\n", 8)), "a.csv: not a text file");
  const auto absent = read_label_file((folder_ / "none.csv").string(), {});
  ASSERT_FALSE(absent);
  EXPECT_EQ(absent.error().message,
            (folder_ / "none.csv").string() + ": cannot read the labels: No such file or directory");
  const auto folder = read_label_file(folder_.string(), {});
  EXPECT_FALSE(folder);
}

}  // namespace
}  // namespace flowgauge
