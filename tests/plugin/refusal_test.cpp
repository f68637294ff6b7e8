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
