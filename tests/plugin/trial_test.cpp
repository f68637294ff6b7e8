// Features that fail when they are created are found out before the run: tests/broken_plugins/failures.tsv.
#include "core/plugin/trial.h"

#include <gtest/gtest.h>

#include <fstream>
#include <map>

#include "core/plugin/load.h"
#include "tests/plugin/memory_feature.h"
#include "tests/plugin/temporary_folder.h"

namespace flowgauge {
namespace {

using namespace std::chrono_literals;
using test::broken_plugin;

ActiveFeature loaded(ModuleStore& store, const std::string& name, Origin origin = Origin::kGiven) {
  const auto module = store.load({.path = broken_plugin(name), .origin = origin});
  if (!module) {
    ADD_FAILURE() << module.error().message;
    return {};
  }
  const Feature& feature = (*module)->features.at(0);
  return {&feature, parse_options(feature, {}, "").value()};
}

std::string tried(const std::string& name, std::chrono::milliseconds limit = kTrialLimit) {
  ModuleStore store;
  const auto result = try_feature(loaded(store, name), limit);
  return result ? "" : result.error().message;
}

std::map<std::string, std::string> failures() {
  std::map<std::string, std::string> rows;
  std::ifstream file(std::string(FLOWGAUGE_SOURCE_DIR) + "/tests/broken_plugins/failures.tsv");
  for (std::string line; std::getline(file, line);) {
    const std::size_t tab = line.find('\t');
    if (tab != std::string::npos && line[0] != '#') rows[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return rows;
}

TEST(Trial, AGoodFeaturePasses) { EXPECT_EQ(tried("nothing"), ""); }

TEST(Trial, WhatFailsInCreateOrDestroyIsRefused) {
  const auto expected = failures();
  for (const char* name :
       {"create_refuses", "create_refuses_silently", "create_crashes", "create_exits", "destroy_crashes"})
    EXPECT_EQ(tried(name), broken_plugin(name) + ": " + expected.at(name)) << name;
}

TEST(Trial, WhatNeverEndsIsStopped) {
  EXPECT_EQ(tried("create_loops", 50ms), broken_plugin("create_loops") + ": " + failures().at("create_loops"));
}

// Update and emit are not part of a trial: these fail in the run, with the same kind of sentence.
TEST(Trial, FailuresOfTheRunHaveTheirSentencesToo) {
  const auto expected = failures();
  for (const std::string name : {"update_fails", "emit_fails"}) {
    EXPECT_EQ(tried(name), "");
    ModuleStore store;
    std::vector<ActiveFeature> active = {loaded(store, name)};
    const RecordLayout layout = lay_out_record(std::span<const ActiveFeature>(active), 64);
    auto set = FeatureSet::create(active, layout, 0);
    ASSERT_TRUE(set);
    const auto batch = std::make_unique<PacketBatch>();
    FlowViews views;
    views.records.resize(1);
    views.flows.resize(1);
    views.start_ns.resize(1);
    std::uint64_t cell = 0;
    const fg_vector vectors[] = {{&cell, nullptr}, {nullptr, nullptr}};
    const std::span<const fg_vector> columns[] = {vectors};
    Arena arena;
    ::testing::internal::CaptureStderr();
    EXPECT_FALSE((*set)->update(*batch) && (*set)->emit(views, columns, arena)) << name;
    ::testing::internal::GetCapturedStderr();
    ASSERT_TRUE((*set)->error()) << name;
    EXPECT_EQ((*set)->error()->message, broken_plugin(name) + ": " + expected.at(name));
  }
}

TEST(Trial, ConstructorsThatFailAreRefused) {
  const auto expected = failures();
  for (const std::string name : {"load_crashes", "load_loops"}) {
    const std::string path = broken_plugin(name);
    const auto loaded = try_loading(path, path, name == "load_loops" ? 50ms : kTrialLimit);
    ASSERT_FALSE(loaded) << name;
    EXPECT_EQ(loaded.error().message, path + ": " + expected.at(name));
  }
  ModuleStore store;
  EXPECT_FALSE(store.load({.path = broken_plugin("load_crashes")})) << "and this process lives";
}

// What cannot be loaded at all is not the trial's to refuse.
TEST(Trial, LoadingSomethingElse) {
  EXPECT_TRUE(try_loading(broken_plugin("nothing"), "x.so"));
  EXPECT_TRUE(try_loading(broken_plugin("missing_dependency"), "x.so"));
  EXPECT_TRUE(try_loading("/nowhere.so", "x.so"));
}

TEST(Trial, OnlyWhatWasGivenIsTried) {
  ModuleStore store;
  const Feature built_in = test::made_feature({});
  const ActiveFeature installed = loaded(store, "create_crashes", Origin::kInstalled);
  const ActiveFeature given = loaded(store, "create_refuses");
  const ActiveFeature fine[] = {{&built_in, {}}, installed};
  EXPECT_TRUE(try_given_features(fine));
  const ActiveFeature with_given[] = {{&built_in, {}}, installed, given};
  EXPECT_FALSE(try_given_features(with_given));
}

}  // namespace
}  // namespace flowgauge
