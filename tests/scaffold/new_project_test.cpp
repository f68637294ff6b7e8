#include "core/scaffold/new_project.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <fstream>

#include "core/scaffold/templates.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "tests/support/file_text.h"

namespace flowgauge {
namespace {

namespace fs = std::filesystem;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

class NewProjectTest : public testing::Test {
 protected:
  NewProjectTest() { folder_ = fs::path(::mkdtemp(pattern_.data())); }
  ~NewProjectTest() override { fs::remove_all(folder_); }

  [[nodiscard]] NewProject project(std::string name) const { return {.name = name, .folder = folder_ / name}; }

  static std::string refusal(const NewProject& project, ExitCode code) {
    const auto written = write_project(project);
    if (written) return "written";
    EXPECT_EQ(written.error().code, code);
    return written.error().message;
  }

  std::string pattern_ = testing::TempDir() + "projectXXXXXX";
  fs::path folder_;
};

TEST_F(NewProjectTest, WritesWhatItSays) {
  const auto written = write_project(project("small_packets"));
  ASSERT_TRUE(written) << written.error().message;
  std::vector<std::string> found;
  for (const auto& entry : fs::recursive_directory_iterator(folder_ / "small_packets"))
    if (entry.is_regular_file()) found.push_back(entry.path().lexically_relative(folder_ / "small_packets").string());
  EXPECT_THAT(found, testing::UnorderedElementsAreArray(*written));
  EXPECT_THAT(found, Contains("small_packets.cpp"));
  EXPECT_THAT(found, Contains(".github/workflows/ci.yml"));
}

TEST_F(NewProjectTest, EveryNameIsPutIn) {
  for (const PluginKind kind : {PluginKind::kFeature, PluginKind::kSchema, PluginKind::kDerived, PluginKind::kSink}) {
    for (const PluginLanguage language : {PluginLanguage::kCpp, PluginLanguage::kC, PluginLanguage::kRust}) {
      if (language == PluginLanguage::kRust && kind == PluginKind::kSchema) continue;
      if (language != PluginLanguage::kCpp && kind >= PluginKind::kDerived) continue;
      constexpr std::array<const char*, 4> kNames = {"a_feature", "a_table", "a_ratio", "a_place"};
      NewProject one = project(kNames[static_cast<std::size_t>(kind)]);
      one.kind = kind;
      one.language = language;
      one.licence = "MIT";
      constexpr std::array<const char*, 3> kFolders = {"_cpp", "_c", "_rust"};
      one.folder += kFolders[static_cast<std::size_t>(language)];
      const auto written = write_project(one);
      ASSERT_TRUE(written) << written.error().message;
      for (const std::string& path : *written)
        EXPECT_THAT(test::file_text(fs::path(one.folder) / path), Not(testing::ContainsRegex("@[A-Z]+@"))) << path;
    }
  }
  EXPECT_THAT(test::file_text(folder_ / "a_table_cpp/a_table.cpp"), HasSubstr("struct ATable {"));
  EXPECT_THAT(test::file_text(folder_ / "a_ratio_cpp/a_ratio.cpp"), HasSubstr("fg::Derived<ARatio>"));
  EXPECT_THAT(test::file_text(folder_ / "a_place_cpp/a_place.cpp"), HasSubstr("fg::Sinks<APlace>"));
  EXPECT_TRUE(fs::exists(folder_ / "a_place_cpp/expected.a_place"));
  EXPECT_THAT(test::file_text(folder_ / "a_feature_c/CMakeLists.txt"), HasSubstr("project(a_feature LANGUAGES C)"));
  EXPECT_THAT(test::file_text(folder_ / "a_feature_rust/src/lib.rs"), HasSubstr("name: c\"a_feature\""));
}

TEST_F(NewProjectTest, ASchemaNeedsNoRust) {
  NewProject one = project("table");
  one.kind = PluginKind::kSchema;
  one.language = PluginLanguage::kRust;
  EXPECT_THAT(refusal(one, ExitCode::kUsage),
              StartsWith("a schema is a table of expressions and needs no Rust; leave"));
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(NewProjectTest, ASinkIsInCpp) {
  NewProject one = project("place");
  one.kind = PluginKind::kSink;
  for (const PluginLanguage language : {PluginLanguage::kC, PluginLanguage::kRust}) {
    one.language = language;
    EXPECT_EQ(refusal(one, ExitCode::kUsage),
              "the project of a sink is in C++ alone; leave --sink, or --c and --rust, away");
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(NewProjectTest, ADerivedFeatureIsInCpp) {
  NewProject one = project("ratio");
  one.kind = PluginKind::kDerived;
  for (const PluginLanguage language : {PluginLanguage::kC, PluginLanguage::kRust}) {
    one.language = language;
    EXPECT_EQ(refusal(one, ExitCode::kUsage),
              "the project of a derived feature is in C++ alone; leave --derived, or --c and --rust, away");
  }
  EXPECT_TRUE(fs::is_empty(folder_));
}

TEST_F(NewProjectTest, TheSampleIsACapture) {
  ASSERT_TRUE(write_project(project("sampled")));
  EXPECT_THAT(test::file_text(folder_ / "sampled/sample.pcap"), StartsWith("\xd4\xc3\xb2\xa1"));
}

TEST_F(NewProjectTest, Licences) {
  NewProject one = project("free");
  ASSERT_TRUE(write_project(one));
  EXPECT_THAT(test::file_text(folder_ / "free/LICENSE"), HasSubstr("Apache License"));
  one.folder = folder_ / "mit";
  one.licence = "MIT";
  ASSERT_TRUE(write_project(one));
  EXPECT_THAT(test::file_text(folder_ / "mit/LICENSE"),
              StartsWith("MIT License\n\nCopyright (c) the authors of free\n"));
  EXPECT_THAT(test::file_text(folder_ / "mit/free.cpp"), HasSubstr("\"0.1\", \"MIT\""));
  one.folder = folder_ / "other";
  one.licence = "GPL-2.0-only WITH Linux-syscall-note";
  ASSERT_TRUE(write_project(one));
  EXPECT_THAT(test::file_text(folder_ / "other/LICENSE"),
              StartsWith("SPDX-License-Identifier: GPL-2.0-only WITH Linux"));
  one.licence = "\"; system(\"";
  EXPECT_THAT(refusal(one, ExitCode::kUsage),
              StartsWith("'\"; system(\"' is no SPDX expression of a licence; give one as"));
}

TEST_F(NewProjectTest, NamesThatWillNotDo) {
  for (const char* name : {"", "Big", "1st", "_x", "a-b", "a/b", "../a", "a.so", "\n"})
    EXPECT_THAT(refusal(project(name), ExitCode::kUsage), HasSubstr("take a-z, 0-9 and _, a letter first")) << name;
  EXPECT_THAT(refusal(project(std::string(65, 'a')), ExitCode::kUsage), HasSubstr("at most 64"));
  for (const char* name : {"test", "all", "flow", "config", "install"})
    EXPECT_THAT(refusal(project(name), ExitCode::kUsage), HasSubstr("take another one")) << name;
  EXPECT_TRUE(fs::is_empty(folder_));
  EXPECT_TRUE(check_plugin_name("a"));
  EXPECT_TRUE(check_plugin_name(std::string(64, 'a')));
}

TEST_F(NewProjectTest, AFolderThatIsEmptyIsTaken) {
  NewProject one = project("here");
  fs::create_directory(one.folder);
  one.folder += "/";
  EXPECT_TRUE(write_project(one));
}

TEST_F(NewProjectTest, AFolderWithSomethingInItIsLeftAlone) {
  const NewProject one = project("here");
  fs::create_directory(one.folder);
  std::ofstream(fs::path(one.folder) / "mine") << "mine";
  EXPECT_EQ(refusal(one, ExitCode::kUsage), one.folder + ": is not empty; name another folder with --dir");
  EXPECT_EQ(test::file_text(fs::path(one.folder) / "mine"), "mine");
  NewProject file = one;
  file.folder += "/mine";
  EXPECT_EQ(refusal(file, ExitCode::kUsage), file.folder + ": is there and is no folder; name another one with --dir");
}

TEST_F(NewProjectTest, WhatCannotBeWrittenLeavesNothingBehind) {
  NewProject one = project("deep");
  one.folder = folder_ / "file/below";
  std::ofstream(folder_ / "file") << "no folder";
  EXPECT_THAT(refusal(one, ExitCode::kOutput), StartsWith(folder_ / "file"));
  // A folder is made, a file in it cannot be: its name would be too long.
  std::string deep = folder_ / "new";
  while (deep.size() < 4070) deep += "/" + std::string(std::min<std::size_t>(200, 4070 - deep.size()), 'a');
  one.folder = deep;
  EXPECT_THAT(refusal(one, ExitCode::kOutput), HasSubstr("(File name too long)"));
  EXPECT_FALSE(fs::exists(folder_ / "new"));
}

}  // namespace
}  // namespace flowgauge
