// Profiles that are right as profiles, yet cannot be run: each is refused with the sentence that stands in
// fixtures/profiles/bad_columns/expected.txt. After a change that is meant, `./dev golden` writes the file
// anew; review it as a diff.
#include "core/engine/plan.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "core/profile/profile_reader.h"
#include "tests/support/file_text.h"

namespace flowgauge {
namespace {

const std::string kFolder = FLOWGAUGE_SOURCE_DIR "/fixtures/profiles/bad_columns";

std::string without(std::string text, const std::string& part) {
  for (std::size_t at = 0; (at = text.find(part)) != std::string::npos;) text.erase(at, part.size());
  return text;
}

std::string refusal_of(const std::string& name) {
  const Result<Profile> profile = load_profile(kFolder + "/" + name);
  if (!profile) return name + " does not even load: " + profile.error().message;
  const auto plan = make_plan(*profile, {});
  if (plan) return name + " was accepted";
  // A file that is not there is a matter of plugins; all else is the profile's.
  const bool is_missing = plan.error().message.find(" not found in ") != std::string::npos;
  EXPECT_EQ(plan.error().code, is_missing ? ExitCode::kPlugin : ExitCode::kUsage) << name;
  return without(without(plan.error().message, kFolder + "/"), FLOWGAUGE_BINARY_DIR "/");
}

TEST(Plan, TablesThatCannotBeAreEachRefusedWithTheirSentence) {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kFolder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  std::string sentences;
  for (const std::string& name : names) sentences += refusal_of(name) + "\n";
  const std::string golden = kFolder + "/expected.txt";
  if (std::getenv("FLOWGAUGE_WRITE_GOLDEN") != nullptr) std::ofstream(golden) << sentences;
  EXPECT_EQ(sentences, test::file_text(golden));
}

// A table is called as its profile's file, which may be a feature's name.
TEST(Plan, AnOwnTableMayBeCalledAsAFeature) {
  Profile profile;
  profile.exporters.resize(1);
  profile.exporters[0].schema.value = "packet_length";
  profile.exporters[0].columns.resize(1);
  profile.exporters[0].columns[0].name.value = "bytes";
  profile.exporters[0].columns[0].expression.value = "packet_length.flow.total";
  const auto plan = make_plan(profile, {});
  ASSERT_TRUE(plan) << plan.error().message;
  EXPECT_EQ((*plan)->outputs.at(0).schema.columns.at(0).type, FG_I64);
}

Result<std::unique_ptr<Plan>> plan_with(const std::vector<std::string>& columns) {
  Profile profile;
  profile.exporters.resize(1);
  profile.exporters[0].schema.value = "nfstream";
  return make_plan(profile, {}, OrderColumns::kNone, columns);
}

TEST(Plan, ColumnsOfPacketsMakeRowsOfPackets) {
  const auto rows = [](const std::string& expression) {
    Profile profile;
    profile.exporters.resize(1);
    profile.exporters[0].schema.value = "mine";
    profile.exporters[0].columns.resize(1);
    profile.exporters[0].columns[0].name.value = "it";
    profile.exporters[0].columns[0].expression.value = expression;
    const auto plan = make_plan(profile, {});
    return plan ? ((*plan)->rows == RowsOf::kPackets ? "packets" : "flows") : plan.error().message;
  };
  EXPECT_EQ(rows("packet.flow"), "packets");
  EXPECT_EQ(rows("flow.src_ip"), "flows");
  EXPECT_EQ(rows("packet.ip_length + flow.src_port"), "packets");
  EXPECT_EQ(rows("flow.duration + flow.src_port"), "flows");
}

TEST(Plan, OfChosenColumnsNothingElseIsComputed) {
  const auto whole = plan_with({});
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_GT((*whole)->active.size(), 2U);
  const auto some = plan_with({"protocol", "src_ip"});
  ASSERT_TRUE(some) << some.error().message;
  const PlannedOutput& output = (*some)->outputs.at(0);
  ASSERT_EQ(output.columns.size(), 2U);
  EXPECT_EQ(output.columns[0].name, "protocol");
  EXPECT_EQ(output.columns[1].name, "src_ip");
  for (const ActiveFeature& active : (*some)->active) EXPECT_EQ(active.feature->name, "flow");  // the host's own
  EXPECT_LT((*some)->modules.modules().size(), (*whole)->modules.modules().size());
  EXPECT_EQ(plan_with({"src_ip", "src_ipp"}).error().message,
            "schema 'nfstream' has no column 'src_ipp'; did you mean 'src_ip'?");
  EXPECT_EQ(plan_with({"src_ip", "src_ip"}).error().message, "the column 'src_ip' is asked for twice");
}

}  // namespace
}  // namespace flowgauge
