// What a good plugin looks like once it is loaded, and that a file is one module whatever it is called.
#include "core/plugin/module_store.h"

#include <dlfcn.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <string>
#include <string_view>

#include "core/base/digest.h"
#include "core/plugin/host_services.h"
#include "core/plugin/sealed_copy.h"
#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

using test::broken_plugin;

const Module* load(ModuleStore& store, const std::string& path) {
  const auto module = store.load({.path = path});
  EXPECT_TRUE(module) << (module ? "" : module.error().message);
  return module ? *module : nullptr;
}

TEST(Load, AGoodModuleIsReadWhole) {
  ModuleStore store;
  const Module* module = load(store, broken_plugin("nothing"));
  ASSERT_NE(module, nullptr);
  EXPECT_EQ(module->path, broken_plugin("nothing"));
  const auto bytes = test::contents_of(broken_plugin("nothing"));
  EXPECT_EQ(module->sha256, to_hex(sha256(bytes)));
  EXPECT_EQ(module->name, "broken");
  EXPECT_EQ(module->version, "1.0");
  EXPECT_EQ(module->licence, "Apache-2.0");
  EXPECT_EQ(module->min_host_minor, 0u);
  EXPECT_EQ(module->origin, Origin::kGiven);
  ASSERT_EQ(module->features.size(), 1u);
  const Feature& feature = module->features[0];
  EXPECT_EQ(feature.name, "broken");
  EXPECT_EQ(feature.module, module);
  ASSERT_EQ(feature.columns.size(), 2u);
  EXPECT_STREQ(feature.columns[1].name, "sizes");
  EXPECT_EQ(feature.columns[1].type, FG_SERIES);
  EXPECT_EQ(feature.columns[1].extremes_reveal, FG_REVEALS_OS);
  EXPECT_EQ(module->vendor + module->url + module->support, "");
  ASSERT_EQ(feature.options.size(), 3u);
  EXPECT_STREQ(feature.options[0].minimum, "1");
  EXPECT_STREQ(feature.options[0].maximum, "100");
  ASSERT_EQ(feature.options[1].choice_count, 2u);
  EXPECT_STREQ(feature.options[1].choices[1], "none");
  EXPECT_EQ(feature.options[2].type, FG_LIST_U64);
  EXPECT_STREQ(feature.options[0].default_value, "10");
  ASSERT_EQ(module->schemas.size(), 1u);
  const Schema& schema = module->schemas[0];
  EXPECT_EQ(schema.name, "broken_schema");
  EXPECT_EQ(schema.module, module);
  ASSERT_EQ(schema.columns.size(), 3u);
  EXPECT_STREQ(schema.columns[0].only_if, "gaps=2");
  ASSERT_EQ(schema.options.size(), 2u);
  EXPECT_STREQ(schema.options[0].default_value, "1");
  EXPECT_STREQ(schema.columns[1].expression, "broken_schema.label");
  ASSERT_EQ(schema.derives.size(), 1u);
  EXPECT_STREQ(schema.derives[0].inputs.at(0).name, "broken.count");
  EXPECT_STREQ(schema.derives[0].outputs.at(1).name, "code");
  ASSERT_EQ(module->derived.size(), 1u);
  const Feature& derived = module->derived[0];
  EXPECT_EQ(derived.name, "broken_derived");
  EXPECT_EQ(derived.module, module);
  EXPECT_TRUE(is_derived(derived) && !is_derived(feature));
  ASSERT_EQ(derived.derives.size(), 2u);
  EXPECT_STREQ(derived.derives[0].inputs.at(1).name, "broken.sizes");
  EXPECT_EQ(derived.derives[1].module, module);
  ASSERT_EQ(derived.columns.size(), 2u) << "of both derives";
  EXPECT_STREQ(derived.columns[1].name, "code");
}

TEST(Load, BothHashTablesOfTheLinkerAreRead) {
  ModuleStore store;
  EXPECT_NE(load(store, broken_plugin("sysv_hash")), nullptr);
}

TEST(Load, AFileIsOneModuleWhateverItIsCalled) {
  const test::TemporaryFolder folder;
  std::filesystem::create_symlink(broken_plugin("nothing"), folder / "link.so");
  ModuleStore store;
  const Module* first = load(store, broken_plugin("nothing"));
  EXPECT_EQ(load(store, folder / "link.so"), first);
  EXPECT_EQ(store.modules(), std::vector<const Module*>{first});
}

// gdb opens the path that the dynamic linker has, by itself: /proc/self would be gdb.
TEST(Load, DebuggersFindALibraryByThePathThatTheLinkerHas) {
  ModuleStore store;
  const Module* module = load(store, broken_plugin("nothing"));
  Dl_info info{};
  ASSERT_NE(::dladdr(reinterpret_cast<const void*>(module->features[0].table.create), &info), 0);
  const std::string prefix = "/proc/" + std::to_string(::getpid()) + "/fd/";
  EXPECT_TRUE(std::string_view(info.dli_fname).starts_with(prefix)) << info.dli_fname;
}

// The dynamic linker tells libraries apart by path, and all of ours have a path like /proc/4711/fd/5.
TEST(Load, TwoFilesAreTwoModules) {
  const test::TemporaryFolder folder;
  auto bytes = test::contents_of(broken_plugin("nothing"));
  std::vector<const Module*> modules;
  ModuleStore store;
  for (const char* name : {"a.so", "b.so", "c.so"}) {
    test::write_file(folder / name, bytes);
    modules.push_back(load(store, folder / name));
    ASSERT_NE(modules.back(), nullptr);
  }
  EXPECT_NE(modules[0]->features[0].table.update, modules[1]->features[0].table.update);
  EXPECT_NE(modules[1]->features[0].table.update, modules[2]->features[0].table.update);
  EXPECT_EQ(store.modules(), modules);
}

// A process may make any number of runs, and nothing is ever unloaded.
TEST(Load, AnotherRunOfTheProcessLoadsTheSameBytesOnce) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "a.so";
  auto bytes = test::contents_of(broken_plugin("nothing"));
  test::write_file(path, bytes);
  ModuleStore one;
  const Module* first = load(one, path);
  ASSERT_NE(first, nullptr);
  ModuleStore two;
  EXPECT_EQ(load(two, path), first);
  EXPECT_EQ(two.modules(), std::vector<const Module*>{first});
  bytes.push_back(0);  // behind all sections: another file, the same code
  test::write_file(folder / "b.so", bytes);
  std::filesystem::rename(folder / "b.so", path);
  ModuleStore three;
  const Module* other = load(three, path);
  ASSERT_NE(other, nullptr);
  EXPECT_NE(other, first);
  EXPECT_NE(other->sha256, first->sha256);
  EXPECT_EQ(load(two, path), first) << "a run stays with what it loaded";
}

TEST(Load, TheDigestOfTheProfileMustMatch) {
  ModuleStore store;
  const std::string path = broken_plugin("nothing");
  const std::string digest = to_hex(sha256(test::contents_of(path)));
  EXPECT_TRUE(store.load({.path = path, .sha256 = digest}));
  const std::string wrong(64, '0');
  const std::string sentence = path + ": has sha256 " + digest + ", the profile wants " + wrong +
                               "; find out who changed the file, or put the new digest into the profile";
  // Loaded already, and not loaded yet.
  const auto again = store.load({.path = path, .sha256 = wrong});
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().message, sentence);
  ModuleStore fresh;
  const auto first = fresh.load({.path = path, .sha256 = wrong});
  ASSERT_FALSE(first);
  EXPECT_EQ(first.error().message, sentence);
}

// A refusal is the same, prepared for or not, and whatever was prepared beside it.
TEST(Load, WhatWasPreparedIsLoadedAsItWas) {
  const test::TemporaryFolder folder;
  const std::string path = folder / "a.so";
  test::write_file(path, test::contents_of(broken_plugin("nothing")));
  ModuleStore store;
  const LoadRequest requests[] = {{.path = path}, {.path = broken_plugin("load_crashes")}, {.path = "/nowhere.so"}};
  store.prepare(requests);
  store.prepare(requests);
  EXPECT_TRUE(store.modules().empty());
  test::write_text(path, "");
  EXPECT_NE(load(store, path), nullptr) << "the bytes that were judged";
  for (const LoadRequest& request : std::span(requests).subspan(1)) {
    const auto prepared = store.load(request);
    const auto asked_again = store.load(request);
    ASSERT_FALSE(prepared);
    ASSERT_FALSE(asked_again);
    EXPECT_EQ(prepared.error().message, asked_again.error().message);
  }
}

// What runs is what was judged, even where its file is emptied.
TEST(Load, AFileThatIsWrittenOverRunsOnAsItWas) {
  for (const Origin origin : {Origin::kGiven, Origin::kInstalled}) {
    const test::TemporaryFolder folder;
    const std::string path = folder / "a.so";
    test::write_file(path, test::contents_of(broken_plugin("nothing")));
    ModuleStore store;
    const auto loaded = store.load({.path = path, .origin = origin});
    ASSERT_TRUE(loaded) << loaded.error().message;
    const Module* module = *loaded;
    test::write_text(path, "");
    const fg_feature& table = module->features[0].table;
    const std::vector<fg_value> options(2);
    const fg_create create{sizeof(fg_create), 0, &plugin_host(), options.data()};
    void* instance = nullptr;
    EXPECT_EQ(table.create(&create, &instance), FG_OK);
    EXPECT_STREQ(module->features[0].columns[1].name, "sizes");
    table.destroy(instance);
  }
}

// Of more than one piece, the last of them not whole.
TEST(Load, ASealedCopyCannotBeChanged) {
  const test::TemporaryFolder folder;
  std::vector<std::uint8_t> bytes(600'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * 7 >> 8);
  test::write_file(folder / "a.so", bytes);
  const auto file = open_trusted(folder / "a.so", TrustRule::kOwnedFiles);
  ASSERT_TRUE(file);
  const auto copy = sealed_copy(*file);
  ASSERT_TRUE(copy);
  test::write_text(folder / "a.so", "");
  EXPECT_TRUE(std::ranges::equal(copy->bytes, bytes));
  if (!copy->descriptor) GTEST_SKIP() << "this system lets no code run from memory files";
  EXPECT_EQ(::pwrite(copy->descriptor.get(), "x", 1, 0), -1);
  EXPECT_EQ(::ftruncate(copy->descriptor.get(), 0), -1);
  std::vector<std::uint8_t> read(bytes.size() + 1);
  EXPECT_EQ(::pread(copy->descriptor.get(), read.data(), read.size(), 0), static_cast<ssize_t>(bytes.size()));
  read.pop_back();
  EXPECT_EQ(read, bytes);
}

// It may become shorter after it was looked at, to nothing as well.
TEST(Load, ACopyHasWhatWasThereWhenItWasRead) {
  const test::TemporaryFolder folder;
  test::write_text(folder / "a.so", "abc");
  const auto file = open_trusted(folder / "a.so", TrustRule::kOwnedFiles);
  ASSERT_TRUE(file);
  for (const std::string text : {"abcdef", "ab", ""}) {
    test::write_text(folder / "a.so", text);
    const auto copy = sealed_copy(*file);
    ASSERT_TRUE(copy) << copy.error().message;
    EXPECT_EQ(std::string(copy->bytes.begin(), copy->bytes.end()), text.substr(0, 3));
  }
}

TEST(Load, ByName) {
  ModuleStore store;
  const SearchPath search{{BROKEN_PLUGIN_DIR}, {}};
  const auto module = store.load("feature", "nothing", search);
  ASSERT_TRUE(module) << module.error().message;
  EXPECT_EQ((*module)->path, broken_plugin("nothing"));
  const auto missing = store.load("feature", "nothin", search);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().message, "feature 'nothin' not found in " BROKEN_PLUGIN_DIR "; did you mean 'nothing'?");
}

}  // namespace
}  // namespace flowgauge
