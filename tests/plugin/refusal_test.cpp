// Every deliberately broken plugin is refused with its own sentence: tests/broken_plugins/refusals.tsv.
#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <map>
#include <set>
#include <string>

#include "core/plugin/module_store.h"
#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

using test::broken_plugin;

std::map<std::string, std::string> read_table(const std::string& name) {
  std::map<std::string, std::string> rows;
  std::ifstream file(std::string(FLOWGAUGE_SOURCE_DIR) + "/tests/broken_plugins/" + name);
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos && line[0] != '#') rows[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return rows;
}

TEST(Refusal, EachBrokenPluginHasItsSentence) {
  const auto expected = read_table("refusals.tsv");
  ASSERT_GT(expected.size(), 80u);
  for (const auto& [name, sentence] : expected) {
    ModuleStore store;
    const auto module = store.load({.path = broken_plugin(name)});
    if (module) {
      ADD_FAILURE() << name << " was loaded";
      continue;
    }
    EXPECT_EQ(module.error().message, broken_plugin(name) + ": " + sentence) << name;
    EXPECT_EQ(module.error().code, ExitCode::kPlugin) << name;
    EXPECT_TRUE(store.modules().empty()) << name;
  }
}

// Those who only list have the same sentences, and no code of the plugin runs in their process.
TEST(Refusal, WhoOnlyListsHasTheSameSentences) {
  ::unsetenv("FLOWGAUGE_TEST_CONSTRUCTOR");
  ModuleStore store;
  for (const auto& [name, sentence] : read_table("refusals.tsv")) {
    const auto module = store.describe({.path = broken_plugin(name)});
    if (module) {
      ADD_FAILURE() << name << " was loaded";
      continue;
    }
    EXPECT_EQ(module.error().message, broken_plugin(name) + ": " + sentence) << name;
  }
  const auto good = store.describe({.path = broken_plugin("nothing")});
  ASSERT_TRUE(good);
  EXPECT_EQ((*good)->name, "broken");
  EXPECT_EQ((*good)->features.at(0).options.at(1).default_value, std::string("none"));
  EXPECT_EQ(::getenv("FLOWGAUGE_TEST_CONSTRUCTOR"), nullptr);
}

// What lies behind a table differs, and is read as if it belonged there until it makes no sense.
TEST(Refusal, ACountThatIsTooGreatIsNoTrap) {
  ModuleStore store;
  const auto here = store.load({.path = broken_plugin("columns_beyond")});
  const auto there = store.describe({.path = broken_plugin("columns_beyond")});
  ASSERT_FALSE(here || there);
  EXPECT_EQ(here.error().message, there.error().message);
  EXPECT_TRUE(here.error().message.starts_with(broken_plugin("columns_beyond") + ": ")) << here.error().message;
}

TEST(Refusal, TextsThatAreShownSteerNoTerminal) {
  ModuleStore store;
  const auto module = store.describe({.path = broken_plugin("texts_for_terminals")});
  ASSERT_TRUE(module);
  EXPECT_EQ((*module)->version, "1.0 2.0 [31m");
  EXPECT_EQ((*module)->vendor, "Ex [2Jample");
  EXPECT_EQ((*module)->features.at(0).doc, "A line J \xef\xbf\xbd");
  EXPECT_EQ((*module)->features.at(0).columns.at(0).source, std::string(" [2Jhere "));
}

TEST(Refusal, NoTwoSentencesAreTheSame) {
  std::set<std::string> sentences;
  for (const auto& [name, sentence] : read_table("refusals.tsv"))
    EXPECT_TRUE(sentences.insert(sentence).second) << name << ": " << sentence;
}

TEST(Refusal, EachSentenceSaysWhatToDo) {
  for (const auto& [name, sentence] : read_table("refusals.tsv"))
    EXPECT_NE(sentence.find("; "), std::string::npos) << name << ": " << sentence;
}

// The proof needs its counter-proof: the same constructor does run in a plugin that is loaded.
TEST(Refusal, NoCodeOfAPluginForNewerHostsRuns) {
  ::unsetenv("FLOWGAUGE_TEST_CONSTRUCTOR");
  ModuleStore store;
  ASSERT_FALSE(store.load({.path = broken_plugin("newer_minor")}));
  EXPECT_EQ(::getenv("FLOWGAUGE_TEST_CONSTRUCTOR"), nullptr);
  ASSERT_FALSE(store.load({.path = broken_plugin("major")}));
  EXPECT_EQ(::getenv("FLOWGAUGE_TEST_CONSTRUCTOR"), nullptr);

  // A copy, since the good plugin may be in this process already.
  const test::TemporaryFolder folder;
  test::write_file(folder / "copy.so", test::contents_of(broken_plugin("nothing")));
  ASSERT_TRUE(store.load({.path = folder / "copy.so"}));
  EXPECT_STREQ(::getenv("FLOWGAUGE_TEST_CONSTRUCTOR"), "ran");
}

}  // namespace
}  // namespace flowgauge
