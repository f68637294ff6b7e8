// Keys in, pages and profiles out: without a terminal, and without plugins.
#include "core/editor/editor.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>

#include "core/editor/editor_page.h"
#include "core/profile/setting.h"
#include "core/screen/screen.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;

Offer offer() {
  Offer offer;
  offer.profiles = {{"basic", "One row per flow"}, {"cic", "As CICFlowMeter names it"}};
  offer.features = {{"flow", "What the host knows"}, {"iat", "Gaps between packets"}};
  offer.schemas = {{"basic", "One row per flow", 29}, {"cic", "RustiFlow's", 100}};
  offer.formats = {{"csv", ""}, {"parquet", "Parquet files"}};
  offer.columns = {{"flow.src_ip", "flow", "string", "", "Address of the source side", "identity"},
                   {"flow.protocol", "flow", "u64", "", "IANA protocol number", "nothing"},
                   {"iat.iat.mean", "iat", "f64", "ns", "Gaps of the flow", "nothing"}};
  offer.functions = {"ms(x)", "abs(x)"};
  offer.interfaces = {{"lo", true, "127.0.0.1/8"}, {"eth0", false, ""}};
  return offer;
}

class EditorTest : public testing::Test {
 protected:
  EditorTest() : folder_(::mkdtemp(pattern_)), editor_(offer()) {}
  ~EditorTest() override { fs::remove_all(folder_); }

  void type(std::string_view text) {
    for (const char letter : text) editor_.press(static_cast<unsigned char>(letter));
  }
  void go_to(Section section) {
    for (std::size_t i = 0; editor_.section() != section && i < kSectionNames.size(); ++i) editor_.press('\t');
  }
  void choose_line(std::string_view begin) {
    editor_.press(kKeyHome);
    for (std::size_t i = 0; i < editor_.items().size(); ++i, editor_.press(kKeyDown))
      if (editor_.items()[editor_.at()].label.starts_with(begin)) return;
    FAIL() << "no line begins with " << begin;
  }
  void set(Section section, std::string_view line, std::string_view text) {
    go_to(section);
    choose_line(line);
    editor_.press('\n');
    editor_.press(21);  // Ctrl-U
    type(text);
    editor_.press('\n');
  }
  void press_on(Section section, std::string_view line) {
    go_to(section);
    choose_line(line);
    editor_.press(' ');
  }
  [[nodiscard]] std::string yaml() const {
    const std::string text = editor_.model().draft().text();
    return text.substr(text.find('\n') + 1);
  }
  [[nodiscard]] std::vector<std::string> page(PageSize size) const {
    std::vector<std::string> lines;
    for (const PageLine& line : page_of(editor_, size)) {
      std::string text;
      for (const Segment& segment : line) text += segment.text;
      lines.push_back(text.substr(0, text.find_last_not_of(' ') + 1));
    }
    return lines;
  }
  [[nodiscard]] std::string path(const std::string& name) const { return (folder_ / name).string(); }

  char pattern_[24] = "/tmp/fg_editor.XXXXXX";
  fs::path folder_;
  Editor editor_;
};

TEST_F(EditorTest, SaysOnlyWhatDiffersFromTheBase) {
  press_on(Section::kBase, "basic");
  set(Section::kFlows, "idle_timeout", "30s");
  press_on(Section::kFlows, "direction");
  EXPECT_EQ(yaml(), "extends: basic\nflow:\n  direction: first_packet\n  idle_timeout: 30s\n");
  set(Section::kOutputs, "path", "flows.csv");
  EXPECT_EQ(yaml(),
            "extends: basic\nflow:\n  direction: first_packet\n  idle_timeout: 30s\n"
            "exporters:\n  - schema: basic\n    path: flows.csv\n");
  go_to(Section::kFlows);
  choose_line("direction");
  editor_.press('\b');
  set(Section::kFlows, "idle_timeout", "");
  EXPECT_EQ(yaml(), "extends: basic\nexporters:\n  - schema: basic\n    path: flows.csv\n");
}

TEST_F(EditorTest, ChoosesColumns) {
  press_on(Section::kColumns, "iat.iat.mean");
  EXPECT_EQ(yaml(), "exporters:\n  - columns: [iat.iat.mean]\n");
  press_on(Section::kFeatures, "flow");
  EXPECT_EQ(yaml(), "exporters:\n  - columns: [iat.iat.mean, flow.src_ip, flow.protocol]\n");
  press_on(Section::kFeatures, "iat");
  EXPECT_EQ(yaml(), "exporters:\n  - columns: [flow.src_ip, flow.protocol]\n");
  press_on(Section::kTable, "cic");
  press_on(Section::kColumns, "iat.iat.mean");
  EXPECT_EQ(yaml(), "exporters:\n  - schema: cic\n    append: [iat.iat.mean]\n");
  press_on(Section::kTable, "columns of your own");
  EXPECT_EQ(yaml(), "exporters:\n  - columns: [flow.src_ip, flow.dst_ip, flow.protocol]\n");
}

constexpr const char* kOwnColumns =
    "exporters:\n  - columns:\n      - flow.src_ip\n      - flow.dst_ip\n      - flow.protocol\n"
    "      - {name: gap, expression: ms(iat.iat.mean), unit: ms}\n";

TEST_F(EditorTest, MakesColumnsOfOnesOwn) {
  press_on(Section::kTable, "columns of your own");
  const std::string without = yaml();
  go_to(Section::kColumns);
  choose_line("add a column of your own");
  type("\nms(iat");
  EXPECT_EQ(editor_.mode(), Editor::Mode::kType);
  EXPECT_EQ(editor_.items()[editor_.at()].key, "exporters[0].columns[3].expression");
  EXPECT_THAT(page({.columns = 120, .rows = 40}), Contains(HasSubstr("Functions: ms(x), abs(x).")));
  editor_.press(27);
  EXPECT_EQ(yaml(), without) << "Esc takes it back";
  choose_line("add a column of your own");
  type("\nms(iat.iat.mean)\n");
  set(Section::kColumns, "  name", "gap");
  choose_line("  unit");
  type("ems\n");
  EXPECT_EQ(yaml(), kOwnColumns);
  choose_line("add a column of your own");
  type("\nflow.protocol + 1\n");
  EXPECT_THAT(yaml(), HasSubstr("      - {name: column 2, expression: flow.protocol + 1}\n"));
  press_on(Section::kColumns, "gap = ms(iat.iat.mean)");
  press_on(Section::kColumns, "remove the column gap");
  choose_line("column 2 = flow.protocol + 1");
  press_on(Section::kColumns, "remove the column column 2");
  EXPECT_EQ(yaml(), without);
}

// The names that are given are none that the table has.
TEST_F(EditorTest, NamesEachColumnOfOnesOwnAnew) {
  press_on(Section::kTable, "columns of your own");
  for (const char* name : {"column 2", "column 3"}) {
    go_to(Section::kColumns);
    choose_line("add a column of your own");
    type("\n1\n");
    set(Section::kColumns, "  name", name);
  }
  choose_line("add a column of your own");
  type("\n2\n");
  EXPECT_THAT(yaml(), HasSubstr("{name: column 4, expression: 2}\n"));
  EXPECT_THAT(editor_.model().mistakes(), testing::IsEmpty());
}

TEST_F(EditorTest, OffersNoColumnOfOnesOwnBesideASchema) {
  press_on(Section::kTable, "basic");
  go_to(Section::kColumns);
  for (const Item& item : editor_.items()) EXPECT_EQ(item.kind, Item::Kind::kAny) << item.label;
}

TEST_F(EditorTest, ShowsAMistakeUnderTheExpression) {
  std::ofstream(path("own.yaml")) << kOwnColumns << "      - {name: other, expression: flow.protocol / 2}\n";
  editor_.open(path("own.yaml"));
  const std::string asked = editor_.text_to_plan();
  const std::string place = path("own.yaml") + ":8: ";
  ASSERT_THAT(asked, HasSubstr("expression: flow.protocol / 2"));
  editor_.take(asked, {.tables = {}, .error = Error{ExitCode::kUsage, place + "column 'other': at character 1: no"}});
  type("m");
  EXPECT_EQ(editor_.items()[editor_.at()].key, "exporters[0].columns[4].expression");
  const auto lines = page({.columns = 100, .rows = 40});
  const auto key = std::ranges::find_if(lines, [](const auto& line) { return line.contains("  expression"); });
  ASSERT_LT(key + 1 - lines.begin(), static_cast<std::ptrdiff_t>(lines.size()));
  EXPECT_THAT(*(key + 1), HasSubstr("column 'other': at character 1: no"));
  editor_.press('\n');
  editor_.press(kKeyEnd);
  type("0");
  EXPECT_THAT(editor_.model().mistakes(), testing::IsEmpty()) << "nothing is known of it yet";
  EXPECT_THAT(editor_.text_to_plan(), HasSubstr("expression: flow.protocol / 20"));
}

TEST_F(EditorTest, ChoosesWhatMayNotBeGivenAway) {
  press_on(Section::kContamination, "raw_identifiers");
  EXPECT_EQ(yaml(), "contamination: raw_identifiers\n");
  press_on(Section::kContamination, "without port");
  EXPECT_EQ(yaml(), "contamination: [identity, time]\n");
  press_on(Section::kContamination, "without port");
  EXPECT_EQ(yaml(), "contamination: raw_identifiers\n");
}

TEST_F(EditorTest, WorksOnSeveralTables) {
  press_on(Section::kBase, "basic");
  press_on(Section::kOutputs, "add a table");
  press_on(Section::kTable, "cic");
  EXPECT_EQ(yaml(), "extends: basic\nexporters:\n  - schema: basic\n  - schema: cic\n    path: flows2.csv\n");
  press_on(Section::kOutputs, "table 1");
  press_on(Section::kOutputs, "remove table 1");
  EXPECT_EQ(yaml(), "extends: basic\nexporters:\n  - schema: cic\n    path: flows2.csv\n");
}

// Whatever a profile may say can be said here.
TEST_F(EditorTest, HasEachKeySomewhere) {
  press_on(Section::kTable, "basic");
  std::set<std::string> keys;
  for (std::size_t i = 0; i < kSectionNames.size(); ++i)
    for (const Item& item : items_of(static_cast<Section>(i), editor_.model())) keys.insert(item.key);
  const std::vector<std::string> known = settable_keys();
  for (const std::string& key : known) {
    const bool is_mapping = std::ranges::any_of(known, [&](const auto& one) { return one.starts_with(key + "."); });
    if (is_mapping || key == "exporters") continue;
    EXPECT_THAT(keys, Contains(key));
  }
}

TEST_F(EditorTest, ShowsAMistakeUnderItsKeyWhileItIsTyped) {
  go_to(Section::kFlows);
  choose_line("linger");
  editor_.press('\n');
  type("1x");
  const std::string wrong = "'linger': '1x' is not a duration";
  EXPECT_EQ(yaml(), "flow:\n  linger: 1x\n");
  EXPECT_THAT(page({.columns = 100, .rows = 30}), Contains(HasSubstr(wrong)));
  editor_.press('\b');
  EXPECT_THAT(page({.columns = 100, .rows = 30}), Not(Contains(HasSubstr(wrong))));
  editor_.press(27);
  EXPECT_EQ(yaml(), "");
  set(Section::kPackets, "protocols", "[tcp");
  EXPECT_EQ(editor_.mode(), Editor::Mode::kType);  // no value yet
  EXPECT_THAT(editor_.message(), HasSubstr("not closed"));
  type("]");
  editor_.press('\n');
  EXPECT_EQ(yaml(), "packets:\n  protocols: [tcp]\n");
}

TEST_F(EditorTest, BeginsWithWhatIsNamed) {
  editor_.open("basic");
  EXPECT_EQ(yaml(), "extends: basic\n");
  EXPECT_FALSE(editor_.is_saved());
  editor_.open(path("new.yaml"));
  EXPECT_EQ(yaml(), "");
  EXPECT_TRUE(editor_.is_saved());
  EXPECT_EQ(editor_.name(), path("new.yaml"));
  std::ofstream(path("list.yaml")) << "- a\n";
  editor_.open(path("list.yaml"));
  EXPECT_THAT(editor_.message(), HasSubstr("not a list"));
  EXPECT_EQ(editor_.name(), path("new.yaml"));
}

TEST_F(EditorTest, TypesWhatIsNoneOfTheChoices) {
  press_on(Section::kTable, "basic");
  go_to(Section::kOutputs);
  choose_line("format");
  type("e{name: parquet, options: {time: us}}\n");
  EXPECT_EQ(yaml(),
            "exporters:\n  - schema: basic\n    format:\n      name: parquet\n      options:\n        time: us\n");
}

TEST_F(EditorTest, FindsTheNextMistake) {
  std::ofstream(path("wrong.yaml")) << "flow:\n  linger: 1x\nexporters:\n  - schema: basic\n    header: maybe\n";
  editor_.open(path("wrong.yaml"));
  type("m");
  EXPECT_EQ(editor_.section(), Section::kFlows);
  EXPECT_EQ(editor_.items()[editor_.at()].key, "flow.linger");
  type("m");
  EXPECT_EQ(editor_.items()[editor_.at()].key, "exporters[0].header");
  type("m");
  EXPECT_EQ(editor_.items()[editor_.at()].key, "flow.linger");
}

TEST_F(EditorTest, SavesAndAsks) {
  press_on(Section::kBase, "basic");
  EXPECT_FALSE(editor_.is_saved());
  type("q");
  EXPECT_EQ(editor_.mode(), Editor::Mode::kQuestion);
  type("n");
  EXPECT_EQ(editor_.end(), EditorEnd::kGoesOn);
  type("s");
  editor_.press(21);
  type(path("mine"));
  editor_.press('\n');
  EXPECT_EQ(editor_.message(), "a profile's name ends in .yaml");
  type(".yaml");
  editor_.press('\n');
  EXPECT_TRUE(editor_.is_saved());
  EXPECT_EQ(read_profile_file(path("mine.yaml")), std::string(kMadeWith) + "\nextends: basic\n");
  set(Section::kLimits, "threads", "2");
  type("qs");
  editor_.press('\n');  // to the same file, without a question
  EXPECT_EQ(editor_.end(), EditorEnd::kLeft);
  EXPECT_EQ(read_profile_file(path("mine.yaml")), std::string(kMadeWith) + "\nextends: basic\nthreads: 2\n");
}

TEST_F(EditorTest, LosesNoCommentsUnasked) {
  const std::string file = "# of last year\nthreads: 2\n";
  std::ofstream(path("old.yaml")) << file;
  editor_.open(path("old.yaml"));
  EXPECT_EQ(editor_.message(), path("old.yaml") + " is loaded; its comments are not kept where it is saved");
  set(Section::kLimits, "threads", "4");
  type("s");
  EXPECT_EQ(editor_.field().text(), path("old-2.yaml"));
  editor_.press(21);
  type(path("old.yaml"));
  editor_.press('\n');
  EXPECT_EQ(editor_.prompt(), path("old.yaml") + " exists. Its comments get lost. Replace it? y: yes, n: no");
  type("n");
  editor_.press(27);
  EXPECT_EQ(read_profile_file(path("old.yaml")), file);
  type("s");
  editor_.press('\n');
  EXPECT_EQ(read_profile_file(path("old-2.yaml")), std::string(kMadeWith) + "\nthreads: 4\n");
}

TEST_F(EditorTest, StartsWhatIsRightAndSaved) {
  type("r");
  EXPECT_EQ(editor_.message(), "choose first what the run reads");
  press_on(Section::kSource, "add a capture file");
  type("-day.pcap");
  editor_.press('\n');
  type("r");
  EXPECT_EQ(editor_.message(), "choose a schema first: the profile has no table");
  press_on(Section::kTable, "basic");
  set(Section::kLimits, "threads", "none");
  type("r");
  EXPECT_EQ(editor_.message(), "put this right first");
  EXPECT_EQ(editor_.items()[editor_.at()].key, "threads");
  editor_.press('\b');
  type("r");
  editor_.press(21);
  type(path("mine.yaml"));
  editor_.press('\n');
  EXPECT_EQ(editor_.end(), EditorEnd::kStarts);
  EXPECT_THAT(editor_.run_words(), testing::ElementsAre("pcap", "./-day.pcap", "-p", path("mine.yaml")));
}

TEST_F(EditorTest, TakesInterfaces) {
  press_on(Section::kSource, "network interfaces");
  press_on(Section::kSource, "eth0");
  press_on(Section::kSource, "lo");
  press_on(Section::kSource, "eth0");
  EXPECT_THAT(editor_.run_words(), testing::ElementsAre("realtime", "lo", "-p", ""));
}

TEST_F(EditorTest, SearchesLines) {
  go_to(Section::kColumns);
  type("/gaps");
  EXPECT_EQ(editor_.items().size(), 0U);
  editor_.press(21);
  type("Gaps");
  editor_.press('\n');
  ASSERT_EQ(editor_.items().size(), 1U);
  type(" ");
  EXPECT_EQ(yaml(), "exporters:\n  - columns: [iat.iat.mean]\n");
  editor_.press(27);
  EXPECT_EQ(editor_.items().size(), 4U);  // with "add a column of your own"
}

TEST_F(EditorTest, ShowsWhatPluginsMakeOfIt) {
  press_on(Section::kTable, "basic");
  const std::string asked = editor_.text_to_plan();
  EXPECT_EQ(asked, editor_.model().draft().text());
  editor_.take("older\n", {.tables = {{"old", {"a"}}}, .error = {}});
  EXPECT_FALSE(editor_.planned());
  editor_.take(asked, {.tables = {{"basic", {"Flow ID", "Src IP"}}}, .error = {}});
  EXPECT_THAT(page({}), Contains(HasSubstr("basic 2 columns:")));
  EXPECT_THAT(page({}), Contains(HasSubstr("Flow ID, Src IP")));
  editor_.take(asked, {.tables = {}, .error = Error{ExitCode::kUsage, "profile:3: schema 'basic' is not there"}});
  EXPECT_THAT(page({}), Contains(HasSubstr("     schema 'basic' is not there")));
  EXPECT_EQ(editor_.text_to_plan(), asked);
  press_on(Section::kTable, "cic");
  EXPECT_THAT(editor_.model().mistakes(), testing::IsEmpty());
  EXPECT_FALSE(editor_.planned());
}

TEST_F(EditorTest, FitsEverySize) {
  press_on(Section::kBase, "basic");
  for (std::size_t i = 0; i < kSectionNames.size(); ++i, editor_.press('\t'))
    for (const PageSize size :
         {PageSize{80, 24}, PageSize{73, 22}, PageSize{119, 40}, PageSize{120, 24}, PageSize{200, 60}}) {
      const auto lines = page(size);
      EXPECT_EQ(lines.size(), size.rows);
      for (const std::string& line : lines) EXPECT_LE(columns_of(line), size.columns) << line;
      EXPECT_THAT(lines.back(), HasSubstr("q quit"));
    }
  EXPECT_THAT(page({72, 24}), testing::ElementsAre("this screen is too small; the editor needs 73 x 22"));
  EXPECT_THAT(page({10, 2}), testing::ElementsAre("this scree"));
}

TEST_F(EditorTest, StripsWhatSteersATerminal) {
  std::ofstream(path("odd.yaml")) << "exporters:\n  - schema: \"a\\eb\\nc\\u009bd\"\n";
  editor_.open(path("odd.yaml"));
  go_to(Section::kTable);
  EXPECT_THAT(page({}), Contains(HasSubstr("(*) a b c d")));
}

TEST_F(EditorTest, LooksLikeThis) {
  press_on(Section::kBase, "basic");
  set(Section::kFlows, "linger", "1x");
  const std::vector<std::string> expected = {
      " flowgauge configure  a new profile (not saved)        $ flowgauge pcap -p FILE",
      "   Source           continuation       inherit",
      "   Base profile     tcp_close          linger",
      "   Schema           tcp_reuse          split",
      "   Features         flow_key           full",
      "   Columns          idle_timeout       120s",
      ">! Timeouts         active_timeout     3600s",
      "   Packets       >! linger             1x",
      "   Contamination      'linger': '1x' is not a duration; write seconds (120, 0.5)",
      "   Outputs            or a number with one of ns, us, ms, s, m, h, d",
      "   Live             early_export       0",
      "   Limits           clock_jump         600s",
      "   Other            hash_seed          auto",
      std::string(80, '-'),
      "flow.linger: duration. Default: 5s.",
      "How long a closed TCP flow stays with `tcp_close: linger`, counted from the",
      "closing packet. It is never longer than the idle timeout.",
      "YAML, 4 lines:                          Columns: none while there are mistakes",
      "# Made with 'flowgauge configure'. What",
      "extends: basic",
      "flow:",
      "  linger: 1x",
      "1 mistake; m shows it",
      " Enter change  Tab section  / find  s save  l load  r run  ? help  q quit"};
  EXPECT_EQ(page({}), expected);
}

}  // namespace
}  // namespace flowgauge
