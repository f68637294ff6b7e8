// Features that fail when they are created are found out before the run: tests/broken_plugins/failures.tsv.
#include "core/plugin/preflight.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include <array>
#include <fstream>
#include <map>

#include "core/plugin/child_process.h"
#include "core/plugin/float_state.h"
#include "core/plugin/module_store.h"
#include "core/plugin/trial_request.h"
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

const PluginTrial kSpawn{.how = PluginTrial::How::kSpawn, .program = FLOWGAUGE_BINARY_DIR "/bin/flowgauge"};

constexpr auto kUsualLimit = 10s;

PluginTrial within(std::chrono::nanoseconds limit, PluginTrial trial = {}) {
  trial.limits.time_ns = limit.count();
  return trial;
}

std::string message_of(const Result<void>& result) { return result ? "" : result.error().message; }

std::string tried(const std::string& name, std::chrono::nanoseconds limit = kUsualLimit,
                  const PluginTrial& trial = {}) {
  ModuleStore store(trial);
  const ActiveFeature active[] = {loaded(store, name)};
  return message_of(Trial(within(limit, trial)).create(active));
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

TEST(Trial, AGoodFeaturePasses) {
  EXPECT_EQ(tried("nothing"), "");
  EXPECT_EQ(tried("nothing", kUsualLimit, kSpawn), "");
  // With the library that it brings.
  EXPECT_EQ(tried("beside"), "");
  EXPECT_EQ(tried("beside", kUsualLimit, kSpawn), "");
}

TEST(Trial, WhatFailsInCreateOrDestroyIsRefused) {
  const auto expected = failures();
  for (const char* name : {"create_refuses", "create_refuses_silently", "create_crashes", "create_exits",
                           "create_flushes", "destroy_crashes"})
    for (const PluginTrial& trial : {PluginTrial(), kSpawn})
      EXPECT_EQ(tried(name, kUsualLimit, trial), broken_plugin(name) + ": " + expected.at(name)) << name;
}

TEST(Trial, WhatNeverEndsIsStopped) {
  EXPECT_EQ(tried("create_loops", 50ms), broken_plugin("create_loops") + ": " + failures().at("create_loops"));
}

TEST(Trial, WhatNeverEndsIsStoppedInAnotherProgramToo) {
  EXPECT_EQ(tried("create_loops", 2000ms, kSpawn),
            broken_plugin("create_loops") +
                ": feature 'broken' did not finish create within 2 s in a trial before the run; give it more with "
                "trial.time, leave it out of the profile, or tell its author");
}

TEST(Trial, ThoseWhoHaveTriedDoNotTryAgain) {
  const PluginTrial none{.how = PluginTrial::How::kNone};
  EXPECT_EQ(tried("create_crashes", kUsualLimit, none), "");
}

TEST(Trial, AProgramThatCannotTryIsNamed) {
  ModuleStore store;
  const ActiveFeature active[] = {loaded(store, "nothing")};
  const auto with = [&](const char* program) {
    return message_of(Trial({.how = PluginTrial::How::kSpawn, .program = program}).create(active));
  };
  EXPECT_EQ(
      with("/no/such/flowgauge"),
      "the plugins cannot be tried (/no/such/flowgauge: No such file or directory); name the program flowgauge of "
      "this version, or try them not");
  EXPECT_EQ(with("/bin/true"),
            "the plugins cannot be tried (/bin/true: is not the program flowgauge of this version); name that one");
}

// Else one that does not know that it should try would start itself without end.
TEST(Trial, AProgramThatWasStartedToTryStartsNone) {
  ModuleStore store;
  const ActiveFeature active[] = {loaded(store, "nothing")};
  ::setenv("FLOWGAUGE_IS_TRIAL", "1", 1);
  const std::string said = message_of(Trial(kSpawn).create(active));
  ::unsetenv("FLOWGAUGE_IS_TRIAL");
  EXPECT_TRUE(said.ends_with("bin/flowgauge: is not the program flowgauge of this version); name that one")) << said;
}

// Options come to the other program as they are.
TEST(Trial, OptionsAreTheSameInAnotherProgram) {
  ModuleStore store;
  const auto module = store.load({.path = FLOWGAUGE_BINARY_DIR "/broken_plugins/create_refuses.so"});
  ASSERT_TRUE(module);
  Feature feature = (*module)->features.at(0);
  feature.options.clear();
  for (const fg_type type : {FG_STRING, FG_I64, FG_F64, FG_LIST_I64, FG_LIST_F64, FG_LIST_STRING, FG_LIST_U64})
    feature.options.push_back({.name = "any", .type = type});
  ActiveFeature active{&feature, {}};
  active.options.add(std::string("a b\nc"));
  active.options.add(fg_value{.i64 = -1});
  active.options.add(fg_value{.f64 = 1.0});
  active.options.add(std::vector<std::int64_t>{-1, 2});
  active.options.add(std::vector<double>{1.0});
  active.options.add(std::vector<std::string>{"a,b", ""});
  active.options.add(std::vector<std::uint64_t>{});
  const std::string request = request_to_create("/proc/4711/fd/7", active);
  std::string hex;
  for (const char letter : (*module)->absolute_path) hex += fmt::format("{:02x}", static_cast<unsigned>(letter));
  EXPECT_EQ(request, "create /proc/4711/fd/7 s" + hex + " " + feature.name +
                         " s6120620a63 18446744073709551615 4607182418800017408 l9,18446744073709551615,2 "
                         "l10,4607182418800017408 l11,s612c62,s l7");
  const auto parsed = parse_trial_request(request);
  ASSERT_TRUE(parsed);
  const auto& asked = std::get<CreateAsked>(*parsed);
  EXPECT_EQ(asked.path, "/proc/4711/fd/7");
  EXPECT_EQ(asked.file, (*module)->absolute_path);
  EXPECT_EQ(asked.feature, feature.name);
  const auto values = asked.options.values();
  ASSERT_EQ(values.size(), 7u);
  EXPECT_EQ(std::string(values[0].string.data, values[0].string.size_bytes), "a b\nc");
  EXPECT_EQ(values[1].i64, -1);
  EXPECT_EQ(values[2].f64, 1.0);
  const auto lists = asked.options.lists();
  ASSERT_EQ(lists.size(), 7u);
  ASSERT_EQ(lists[3].i64.size, 2u);
  EXPECT_EQ(lists[3].i64.data[0], -1);
  EXPECT_EQ(lists[3].i64.data[1], 2);
  ASSERT_EQ(lists[4].f64.size, 1u);
  EXPECT_EQ(lists[4].f64.data[0], 1.0);
  ASSERT_EQ(lists[5].string.size, 2u);
  EXPECT_EQ(std::string(lists[5].string.data[0].data, lists[5].string.data[0].size_bytes), "a,b");
  EXPECT_EQ(lists[5].string.data[1].size_bytes, 0u);
  EXPECT_EQ(lists[6].u64.size, 0u);
  for (const char* wrong : {"l", "l5,1", "l12", "l7,", "l7,x", "l7 ,1", "l11,61", "l11,s6"})
    EXPECT_FALSE(parse_trial_request("create a s b " + std::string(wrong))) << wrong;
}

// Update, emit and release are not part of a trial: these fail in the run, with the same kind of sentence. Afterwards
// the host calculates as before.
TEST(Trial, FailuresOfTheRunHaveTheirSentencesToo) {
  const FloatState float_state = FloatState::now();
  const auto expected = failures();
  for (const std::string name : {"update_fails", "update_rounds", "update_rounds_and_fails", "update_traps",
                                 "emit_fails", "emit_rounds", "release_rounds"}) {
    EXPECT_EQ(tried(name), "");
    ModuleStore store;
    std::vector<ActiveFeature> active = {loaded(store, name)};
    const RecordLayout layout = lay_out_record(std::span<const ActiveFeature>(active), 64);
    auto set = FeatureSet::create(active, layout, 0);
    ASSERT_TRUE(set);
    std::array<unsigned char, 128> record{};
    const auto batch = std::make_unique<PacketBatch>();
    batch->count = 1;
    batch->records[0] = record.data();
    FlowViews views;
    views.records = {record.data()};
    views.flows.resize(1);
    views.start_ns.resize(1);
    std::uint64_t cell = 0;
    const fg_vector vectors[] = {{&cell, nullptr}, {nullptr, nullptr}};
    const std::span<const fg_vector> columns[] = {vectors};
    Arena arena;
    unsigned char* const records[] = {record.data()};
    const bool updated = (*set)->update(*batch);
    const bool emitted = (*set)->emit(views, columns, arena);
    (*set)->release(records);
    EXPECT_EQ(updated, !name.starts_with("update")) << name;
    EXPECT_EQ(emitted, name.starts_with("release")) << name;
    ASSERT_TRUE((*set)->error()) << name;
    EXPECT_EQ((*set)->error()->message, broken_plugin(name) + ": " + expected.at(name));
    EXPECT_TRUE(float_state.stands()) << name;
  }
}

TEST(Trial, ConstructorsThatFailAreRefused) {
  const auto expected = failures();
  for (const std::string name : {"load_crashes", "load_loops"}) {
    const std::string path = broken_plugin(name);
    const LoadTrial library[] = {{path, path}};
    const auto loaded = Trial(within(name == "load_loops" ? 50ms : kUsualLimit)).load(library);
    ASSERT_EQ(loaded.size(), 1u);
    ASSERT_FALSE(loaded[0]) << name;
    EXPECT_EQ(loaded[0].error().message, path + ": " + expected.at(name));
  }
  const std::string crashes = broken_plugin("load_crashes");
  const LoadTrial library[] = {{crashes, crashes}};
  EXPECT_EQ(Trial(kSpawn).load(library)[0].error().message, crashes + ": " + expected.at("load_crashes"));
  ModuleStore store;
  for (const Origin origin : {Origin::kGiven, Origin::kInstalled})
    EXPECT_FALSE(store.load({.path = broken_plugin("load_crashes"), .origin = origin})) << "and this process lives";
}

TEST(Trial, AConstructorMayMakeNumbersFlushToZero) {
  const FloatState float_state = FloatState::now();
  EXPECT_EQ(tried("load_flushes"), "");
  EXPECT_TRUE(float_state.stands());
}

// What cannot be loaded at all is not the trial's to refuse.
TEST(Trial, LoadingSomethingElse) {
  const LoadTrial libraries[] = {
      {broken_plugin("nothing"), "x.so"}, {broken_plugin("missing_dependency"), "x.so"}, {"/nowhere.so", "x.so"}};
  for (const auto& loaded : Trial().load(libraries)) EXPECT_TRUE(loaded);
  for (const auto& loaded : Trial(kSpawn).load(libraries)) EXPECT_TRUE(loaded);
  EXPECT_TRUE(Trial().load({}).empty());
}

TEST(Trial, OneThatCannotBeLoadedSafelyIsNamedAmongOthers) {
  std::vector<LoadTrial> libraries;
  for (const char* name : {"nothing", "load_crashes", "load_loops", "sysv_hash", "load_crashes", "nothing"})
    libraries.push_back({broken_plugin(name), broken_plugin(name)});
  const auto loaded = Trial(within(500ms)).load(libraries);
  ASSERT_EQ(loaded.size(), libraries.size());
  for (std::size_t i = 0; i < loaded.size(); ++i) {
    const bool is_bad = i == 1 || i == 2 || i == 4;
    EXPECT_EQ(loaded[i].has_value(), !is_bad) << libraries[i].path;
    if (!loaded[i]) {
      EXPECT_TRUE(loaded[i].error().message.starts_with(libraries[i].path + ": ")) << loaded[i].error().message;
    }
  }
}

TEST(Trial, WhereverTheyCameFromTheFirstThatFailsIsNamed) {
  ModuleStore store;
  const Feature built_in = test::made_feature({});
  const ActiveFeature good = loaded(store, "nothing", Origin::kInstalled);
  const ActiveFeature crashes = loaded(store, "create_crashes", Origin::kInstalled);
  const ActiveFeature refuses = loaded(store, "create_refuses");
  const ActiveFeature fine[] = {{&built_in, {}}, good, good};
  EXPECT_TRUE(Trial().create(fine));
  EXPECT_TRUE(Trial().create({}));
  const auto message = [](std::span<const ActiveFeature> active) { return message_of(Trial().create(active)); };
  const ActiveFeature with_crash[] = {good, {&built_in, {}}, crashes, refuses};
  EXPECT_EQ(message(with_crash), broken_plugin("create_crashes") + ": " + failures().at("create_crashes"));
  const ActiveFeature with_refusal[] = {good, refuses, crashes};
  EXPECT_EQ(message(with_refusal), broken_plugin("create_refuses") + ": " + failures().at("create_refuses"));
}

// Each has the whole limit: those before it do not use it up.
TEST(Trial, SlowOnesDoNotShareTheLimit) {
  const auto end = run_in_child(
      [](ChildPipe pipe) {
        for (int i = 0; i < 4; ++i) {
          ::usleep(300'000);
          pipe.tell("c");
        }
      },
      {.time = 1000ms});
  ASSERT_TRUE(end);
  EXPECT_TRUE(end->in_time);
  EXPECT_EQ(end->told, "cccc");
}

}  // namespace
}  // namespace flowgauge
