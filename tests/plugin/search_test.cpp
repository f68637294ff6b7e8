// Which file a name stands for.
#include "core/plugin/search.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>

#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

using test::TemporaryFolder;

// Two given folders and an installed one.
class Search : public ::testing::Test {
 protected:
  void SetUp() override {
    for (const char* name : {"one", "two", "installed"}) std::filesystem::create_directory(folder_ / name);
  }
  void put(const std::string& name) { test::write_text(folder_ / name, "x"); }
  std::string found(const std::string& value) {
    const auto module = find_module("feature", value, search_);
    return module ? module->path : module.error().message;
  }

  TemporaryFolder folder_;
  SearchPath search_{{folder_ / "one", folder_ / "two"}, {folder_ / "installed"}};
};

TEST_F(Search, TheFirstFileFoundDecides) {
  put("installed/iat.so");
  EXPECT_EQ(found("iat"), folder_ / "installed/iat.so");
  put("two/iat.so");
  EXPECT_EQ(found("iat"), folder_ / "two/iat.so");
  // Also what cannot be loaded: a folder or a dangling link is never passed over in silence.
  std::filesystem::create_symlink(folder_ / "nowhere", folder_ / "one/iat.so");
  EXPECT_EQ(found("iat"), folder_ / "one/iat.so");
}

TEST_F(Search, WhereItWasFoundSaysWhoseItIs) {
  put("installed/iat.so");
  put("two/bulk.so");
  EXPECT_EQ(find_module("feature", "iat", search_)->origin, Origin::kInstalled);
  EXPECT_EQ(find_module("feature", "bulk", search_)->origin, Origin::kGiven);
  EXPECT_EQ(find_module("feature", folder_ / "installed/iat.so", search_)->origin, Origin::kGiven);
}

TEST_F(Search, AValueWithASlashIsAPath) {
  EXPECT_EQ(found("./iat"), "./iat");
  EXPECT_EQ(found("/nowhere/iat.so"), "/nowhere/iat.so");
}

TEST_F(Search, WhatIsNotFoundIsLookedForAloud) {
  const std::string places = folder_ / "one" + ", " + folder_ / "two" + ", " + folder_ / "installed";
  EXPECT_EQ(found("iatt"), "feature 'iatt' not found in " + places +
                               "; put iatt.so into one of them, or name its folder with --plugin-dir");
  put("two/iat.so");
  EXPECT_EQ(found("iatt"), "feature 'iatt' not found in " + places + "; did you mean 'iat'?");
  search_ = {};
  EXPECT_EQ(found("iat"),
            "feature 'iat' not found in any folder, since none is set; put iat.so into one of them, or name its folder "
            "with --plugin-dir");
}

TEST_F(Search, ANameIsNoFileName) {
  for (const std::string value : {"iat.so", "IAT", "", "..", "iat "})
    EXPECT_EQ(found(value), "feature '" + value +
                                "' is not a plugin's name; give a name of a-z, 0-9 and _ without '.so', or a path with "
                                "a '/'");
}

TEST_F(Search, AListHasEachNameOnce) {
  for (const char* name : {"installed/iat.so", "installed/bulk.so", "two/iat.so", "one/notes.txt", "one/Bad.so"})
    put(name);
  std::vector<std::string> paths;
  for (const FoundModule& module : list_modules(search_)) paths.push_back(module.path);
  EXPECT_EQ(paths, (std::vector<std::string>{folder_ / "installed/bulk.so", folder_ / "two/iat.so"}));
}

TEST_F(Search, TheEnvironmentComesAfterTheCommandLine) {
  ASSERT_EQ(::setenv("FLOWGAUGE_PLUGIN_PATH", ":/second::/third:", 1), 0);
  const SearchPath search = default_search_path({"/first"});
  ::unsetenv("FLOWGAUGE_PLUGIN_PATH");
  EXPECT_EQ(search.given, (std::vector<std::string>{"/first", "/second", "/third"}));
}

}  // namespace
}  // namespace flowgauge
