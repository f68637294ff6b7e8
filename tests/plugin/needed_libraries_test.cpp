// Libraries that a plugin brings: found beside it, judged as it is, and loaded although it runs from a sealed copy.
#include "core/plugin/needed_libraries.h"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <filesystem>

#include "core/base/digest.h"
#include "core/plugin/library_needs.h"
#include "core/plugin/linker_cache.h"
#include "core/plugin/module_store.h"
#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

using test::broken_plugin;

constexpr const char* kName = "libflowgauge_test_beside.so";

class NeededLibraries : public testing::Test {
 protected:
  NeededLibraries() {
    std::filesystem::create_directory(folder_ / "beside");
    test::write_file(plugin_, test::contents_of(broken_plugin("beside")));
    bring("beside");
  }
  void bring(const std::string& kind) {
    const auto from = std::filesystem::path(broken_plugin("nothing")).parent_path() / kind / kName;
    test::write_file(library_, test::contents_of(from.string()));
  }
  // "" if it was loaded.
  std::string refusal() {
    ModuleStore store;
    const auto module = store.load({.path = plugin_});
    if (module) libraries_ = (*module)->libraries;
    return module ? "" : module.error().message;
  }

  const test::TemporaryFolder folder_;
  const std::string plugin_ = folder_ / "plugin.so";
  const std::string library_ = folder_ / "beside/" + kName;
  std::vector<UsedLibrary> libraries_;
};

TEST_F(NeededLibraries, OneBesideThePluginIsFoundAndListed) {
  ASSERT_EQ(refusal(), "");
  ASSERT_EQ(libraries_.size(), 1U);
  EXPECT_EQ(libraries_[0].name, kName);
  EXPECT_EQ(libraries_[0].path, library_);
  EXPECT_EQ(libraries_[0].file->sha256(), to_hex(sha256(test::contents_of(library_))));
}

// Some are 50 MB: they are read, judged and copied once.
TEST_F(NeededLibraries, TwoPluginsShareOneCopy) {
  const std::string second = folder_ / "second.so";
  auto bytes = test::contents_of(plugin_);
  bytes.push_back(0);  // another plugin
  test::write_file(second, bytes);
  ModuleStore store;
  const auto one = store.load({.path = plugin_});
  const auto two = store.load({.path = second});
  ASSERT_TRUE(one && two);
  ASSERT_NE(*one, *two);
  ASSERT_EQ((*one)->libraries.size(), 1U);
  ASSERT_EQ((*two)->libraries.size(), 1U);
  EXPECT_EQ((*one)->libraries[0].file, (*two)->libraries[0].file);
  EXPECT_EQ((*one)->libraries[0].opened_path, (*two)->libraries[0].opened_path);
}

TEST_F(NeededLibraries, AnotherFileOfThatPathIsJudgedAnew) {
  JudgedLibraries judged;
  const auto judge = [&] {
    return judged.judge(*open_trusted(library_, TrustRule::kOwnedFiles), LibraryPlace::kChosen).value();
  };
  const auto first = judge();
  EXPECT_EQ(judge(), first);
  const std::string digest = to_hex(sha256(test::contents_of(library_)));
  auto bytes = test::contents_of(library_);
  bytes.push_back(0);
  test::write_file(library_, bytes);  // in place
  const auto longer = judge();
  EXPECT_NE(longer, first);
  bytes.back() = 1;
  test::write_file(folder_ / "new", bytes);
  std::filesystem::rename(folder_ / "new", library_);
  const auto renamed = judge();
  EXPECT_NE(renamed, longer);
  // Hashed now, each is still what was judged.
  EXPECT_EQ(first->sha256(), digest);
  EXPECT_EQ(renamed->sha256(), to_hex(sha256(bytes)));
  bytes.back() = 0;
  EXPECT_EQ(longer->sha256(), to_hex(sha256(bytes)));
}

TEST_F(NeededLibraries, ItIsTrustedAsThePluginIs) {
  ASSERT_EQ(::chmod(library_.c_str(), 0666), 0);
  EXPECT_EQ(refusal(), plugin_ + ": needs " + kName + ": " + library_ +
                           ": can be written by everybody, so that others could run code with your rights; let only "
                           "root or yourself own and write it (chown, chmod go-w), or accept the risk with "
                           "--insecure-plugins");
}

TEST_F(NeededLibraries, ItHasNoExecutableStack) {
  test::write_file(library_, test::contents_of(broken_plugin("executable_stack")));
  EXPECT_TRUE(refusal().starts_with(plugin_ + ": needs " + kName + ": " + library_ + ": asks for an executable stack"))
      << refusal();
}

TEST_F(NeededLibraries, ItHasTheNameByWhichItIsNeeded) {
  test::write_file(library_, test::contents_of(broken_plugin("nothing")));
  EXPECT_EQ(refusal(), plugin_ + ": needs " + kName + ": " + library_ +
                           ": calls itself ''; give it that soname (-Wl,-soname," + kName + ") and link to it again");
}

TEST_F(NeededLibraries, TwoOfOneNameDoNotGoTogether) {
  ASSERT_EQ(refusal(), "");
  std::filesystem::remove(plugin_);
  auto bytes = test::contents_of(broken_plugin("beside"));
  bytes.push_back(0);  // another plugin
  test::write_file(plugin_, bytes);
  bring("other");
  const std::string said = refusal();
  EXPECT_NE(said.find(": needs " + std::string(kName) + " from " + library_ +
                      ", but another plugin has brought another library of that name ("),
            std::string::npos)
      << said;
}

TEST_F(NeededLibraries, OneThatIsNowhereIsLeftToTheLinker) {
  std::filesystem::remove(library_);
  const auto bytes = test::contents_of(plugin_);
  const auto image = ElfImage::read(bytes, plugin_, "");
  ASSERT_TRUE(image);
  EXPECT_EQ(needs_of(*image, "/folder").runpath, std::vector<std::string>{"/folder/beside"});
  JudgedLibraries judged;
  const auto found = find_needed_libraries(*image, plugin_, TrustRule::kOwnedFiles, judged);
  ASSERT_TRUE(found);
  // In this process another test may have loaded one of that name.
  EXPECT_TRUE(found->empty());
}

TEST(LinkerCache, KnowsTheSystemsLibraries) {
  const LinkerCache cache = LinkerCache::of_system();
  const auto path = cache.path_of("libc.so.6");
  ASSERT_TRUE(path);
  EXPECT_TRUE(path->ends_with("/libc.so.6")) << *path;
  EXPECT_FALSE(cache.path_of("libflowgauge_test_beside.so"));
}

TEST(LinkerCache, DamageIsNoLibrary) {
  EXPECT_FALSE(LinkerCache("").path_of("libc.so.6"));
  std::string bytes(200, '\xff');
  EXPECT_FALSE(LinkerCache(bytes).path_of("libc.so.6"));
  bytes.replace(0, 20, "glibc-ld.so.cache1.1");
  EXPECT_FALSE(LinkerCache(bytes).path_of("libc.so.6"));
}

}  // namespace
}  // namespace flowgauge
