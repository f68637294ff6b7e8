// Each mutant fails the check that it was made for and no other; the plugins that we give away pass all.
#include "core/check/conformance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string_view>

#include "core/base/sanitizers.h"
#include "core/flow/flow_columns.h"
#include "core/flow/packet_columns.h"

namespace flowgauge {
namespace {

using ::testing::Each;
using ::testing::ElementsAre;
using ::testing::Eq;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;
using ::testing::UnorderedElementsAreArray;

CheckRequest request_for(const std::string& path) {
  static const Feature kFlow = builtin_feature(flow_feature());
  static const Feature kPacket = builtin_feature(packet_feature());
  CheckRequest request;
  request.path = path;
  request.trust = TrustRule::kAnyFile;
  request.search.given = {FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins",
                          std::filesystem::path(path).parent_path().string()};
  request.host_features = {&kFlow, &kPacket};
  return request;
}

struct Mutant {
  std::string name, check, words;
};
void PrintTo(const Mutant& mutant, std::ostream* out) { *out << mutant.name; }

std::vector<Mutant> mutants() {
  std::vector<Mutant> all;
  std::ifstream file(FLOWGAUGE_SOURCE_DIR "/tests/mutants/mutants.tsv");
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with('#')) continue;
    const std::size_t first = line.find('\t');
    const std::size_t second = line.find('\t', first + 1);
    all.push_back({line.substr(0, first), line.substr(first + 1, second - first - 1), line.substr(second + 1)});
  }
  return all;
}

std::string mutant_path(const std::string& name) { return FLOWGAUGE_BINARY_DIR "/mutants/" + name + ".so"; }

// Those whose mistake is seen in the heap alone, which the sanitizers count themselves.
bool needs_counted_memory(const Mutant& mutant) {
  static const std::set<std::string> kLeaks{"keeps_states", "has_no_release", "keeps_instances", "keeps_every_packet",
                                            "allocates_without_end"};
  return kLeaks.contains(mutant.name);
}

class EveryMutant : public testing::TestWithParam<Mutant> {};

TEST_P(EveryMutant, FailsItsCheckAndNoOther) {
  const Mutant& mutant = GetParam();
  if (!kMemoryIsCounted && needs_counted_memory(mutant)) GTEST_SKIP() << "memory is not counted in this build";
  const auto conformance = check_plugin(request_for(mutant_path(mutant.name)));
  ASSERT_TRUE(conformance) << conformance.error().message;
  ASSERT_EQ(conformance->checks.size(), check_names().size());
  for (const CheckResult& check : conformance->checks) {
    if (check.name == mutant.check) {
      EXPECT_EQ(check.verdict.outcome, Outcome::kFailed) << check.name;
      if (kMemoryIsCounted) {
        EXPECT_THAT(check.verdict.text, HasSubstr(mutant.words));
      }
    } else if (mutant.check == "descriptor" && check.name != "exports") {
      EXPECT_EQ(check.verdict.outcome, Outcome::kSkipped) << check.name;
    } else if (mutant.check == "sink-rows" && check.name.starts_with("sink-")) {
      EXPECT_EQ(check.verdict, skipped("'sink-rows' comes first")) << check.name;
    } else {
      EXPECT_EQ(check.verdict, passed()) << check.name << ": " << check.verdict.text;
    }
  }
}

INSTANTIATE_TEST_SUITE_P(Mutants, EveryMutant, testing::ValuesIn(mutants()),
                         [](const auto& mutant) { return mutant.param.name; });

TEST(Mutants, ThereIsOneForEveryCheck) {
  std::set<std::string> found;
  for (const Mutant& mutant : mutants()) found.insert(mutant.check);
  found.erase("-");
  EXPECT_THAT(found, UnorderedElementsAreArray(check_names()));
}

TEST(Mutants, ThePageExplainsEveryCheckInTheirOrder) {
  std::vector<std::string> headings;
  std::ifstream page(FLOWGAUGE_SOURCE_DIR "/docs/checking-a-plugin.md");
  for (std::string line; std::getline(page, line);) {
    if (line.starts_with("### ")) headings.push_back(line.substr(4));
  }
  EXPECT_EQ(headings, check_names());
}

std::string descriptor_text(const std::string& name, const ChildLimits& limits) {
  const std::vector<std::string> only = {"descriptor"};
  const auto conformance = check_plugin(request_for(mutant_path(name)), only, limits);
  return conformance ? conformance->checks.at(0).verdict.text : conformance.error().message;
}

// ThreadSanitizer holds signals back until a loop calls something, which this one never does.
constexpr std::string_view kWhereItLoops = kHasThreadSanitizer ? "" : " in create of feature 'mutant'";

TEST(Conformance, WhatNeverEndsIsEndedAndSaysWhereItWas) {
  EXPECT_EQ(
      descriptor_text("create_loops", {.time = std::chrono::seconds(300), .processor_time = std::chrono::seconds(1)}),
      "it did not end within 1 s of processor time" + std::string(kWhereItLoops));
  EXPECT_EQ(descriptor_text("create_sleeps", {.time = std::chrono::seconds(1)}),
            "it did not end within 1 s in create of feature 'mutant'");
}

TEST(Conformance, WhatNeverEndsIsWaitedForOnce) {
  const auto conformance =
      check_plugin(request_for(mutant_path("update_sleeps")), {}, {.time = std::chrono::seconds(1)});
  ASSERT_TRUE(conformance);
  std::vector<std::string> skips;
  for (const CheckResult& check : conformance->checks)
    if (check.verdict.outcome == Outcome::kSkipped) skips.push_back(check.verdict.text);
  EXPECT_THAT(conformance->failures(), ElementsAre("options"));
  EXPECT_EQ(skips.size(), check_names().size() - 3);
  EXPECT_THAT(skips, Each(Eq("'options' did not end; mend that first")));
}

TEST(Conformance, ASinkThatNeverEndsIsWaitedForOnce) {
  const std::vector<std::string> only = {"sink-rows", "sink-batches", "sink-places", "sink-instances", "sink-process"};
  const auto conformance =
      check_plugin(request_for(mutant_path("sink_blocks")), only, {.time = std::chrono::seconds(1)});
  ASSERT_TRUE(conformance);
  ASSERT_EQ(conformance->checks.size(), only.size());
  EXPECT_EQ(conformance->checks[0].verdict,
            failed("it did not end within 1 s in write of sink 'mutant' with a table of one row"));
  for (std::size_t i = 1; i < only.size(); ++i)
    EXPECT_EQ(conformance->checks[i].verdict, skipped("'sink-rows' comes first"));
}

TEST(Conformance, ASinkWhosePlaceIsNoPathIsNotLookedAt) {
  const auto conformance = check_plugin(request_for(mutant_path("sink_needs_server")));
  ASSERT_TRUE(conformance);
  EXPECT_THAT(conformance->failures(), IsEmpty());
  for (const CheckResult& check : conformance->checks)
    if (check.name.starts_with("sink-")) {
      EXPECT_EQ(check.verdict.outcome, Outcome::kSkipped);
      EXPECT_THAT(check.verdict.text,
                  StartsWith("its place is no path in a folder, give it one with --place: sink 'mutant' ("));
      EXPECT_THAT(check.verdict.text, HasSubstr(") cannot start: not today"));
    }
}

TEST(Conformance, OnlyWhatIsAskedForIsRun) {
  const std::vector<std::string> only = {"stride"};
  const auto conformance = check_plugin(request_for(mutant_path("shows_port")), only);
  ASSERT_TRUE(conformance);
  ASSERT_EQ(conformance->checks.size(), 1U);
  EXPECT_EQ(conformance->checks[0], (CheckResult{"stride", passed()}));
  EXPECT_EQ(conformance->module, "mutant 1");
  ASSERT_EQ(conformance->figures.size(), 1U);
  EXPECT_EQ(conformance->figures[0].feature, "mutant");
  EXPECT_EQ(conformance->figures[0].state_bytes, 72U);
  EXPECT_EQ(conformance->figures[0].columns, 7U);
}

TEST(Conformance, AnUnknownCheckIsAMistakeOfTheUser) {
  const std::vector<std::string> only = {"strid"};
  const auto conformance = check_plugin(request_for(mutant_path("none")), only);
  ASSERT_FALSE(conformance);
  EXPECT_EQ(conformance.error().code, ExitCode::kUsage);
  EXPECT_THAT(conformance.error().message, StartsWith("there is no check 'strid'; did you mean 'stride'?"));
}

TEST(Conformance, AFeatureThatASchemaNeedsMustBeFound) {
  CheckRequest request = request_for(FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins/cic.so");
  request.search = {};
  const std::vector<std::string> only = {"schemas"};
  const auto conformance = check_plugin(request, only);
  ASSERT_TRUE(conformance);
  EXPECT_THAT(conformance->checks.at(0).verdict.text, HasSubstr("not found"));
}

std::vector<std::string> plugins_of_ours() {
  std::set<std::string> files;
  for (const auto& file : std::filesystem::directory_iterator(FLOWGAUGE_BINARY_DIR "/lib/flowgauge/plugins")) {
    if (file.path().extension() == ".so") files.insert(file.path());
  }
  files.insert({CANONICAL, SERVICES, FLOWGAUGE_BINARY_DIR "/tests/abi/frozen_1_1.so"});
  return {files.begin(), files.end()};
}

TEST(Conformance, AllPluginsOfOursPass) {
  const std::vector<std::string> files = plugins_of_ours();
  EXPECT_GE(files.size(), 22U);
  for (const std::string& file : files) {
    for (const std::uint64_t seed : {1, 2}) {
      CheckRequest request = request_for(file);
      request.seed = seed;
      const auto conformance = check_plugin(request);
      ASSERT_TRUE(conformance) << conformance.error().message;
      for (const CheckResult& check : conformance->checks) {
        EXPECT_NE(check.verdict.outcome, Outcome::kFailed) << file << " " << check.name << ": " << check.verdict.text;
      }
      EXPECT_THAT(conformance->failures(), IsEmpty());
    }
  }
}

// What docs/plugin-policy.md recommends: newer fields are used where a host has them.
TEST(Conformance, APluginOfANewerAbiPassesAndTheLineSaysWhatWasLeftOut) {
  const auto conformance = check_plugin(request_for(NEWER_SDK));
  ASSERT_TRUE(conformance) << conformance.error().message;
  EXPECT_THAT(conformance->failures(), IsEmpty());
  for (const CheckResult& check : conformance->checks) {
    const bool is_partial = check.name == "stride" || check.name == "versions";
    if (is_partial) {
      EXPECT_THAT(check.verdict.text, HasSubstr("were not made longer: built for plugin ABI 1.2")) << check.name;
    } else if (check.verdict.outcome == Outcome::kPassed) {
      EXPECT_EQ(check.verdict.text, "") << check.name;
    }
  }
}

}  // namespace
}  // namespace flowgauge
