#include "core/app/run_profile.h"

#include <gtest/gtest.h>

#include "core/plugin/contamination_classes.h"
#include "core/profile/chosen_schema.h"

namespace flowgauge {
namespace {

namespace format_names {
constexpr const char* kCsv = "csv";
constexpr const char* kJsonLines = "jsonl";
constexpr const char* kPrint = "print";
}  // namespace format_names

PcapCommand command() {
  PcapCommand result;
  result.inputs = {"a.pcap"};
  return result;
}

Setting flag(const std::string& key, const std::string& text) { return {key, text, SettingForm::kText, "--" + key}; }

ProfileExporter exporter(const char* schema, const char* format, const char* path) {
  ProfileExporter result;
  result.schema.value = schema;
  result.plugin.module.value = "module-of-it";
  result.format = format_called(format);
  result.path.value = path;
  return result;
}

TEST(RunProfile, WithoutAnythingItIsBasicAsCsv) {
  const Result<Profile> profile = with_flags(command(), {}, false);
  ASSERT_TRUE(profile);
  ASSERT_EQ(profile->exporters.size(), 1U);
  EXPECT_EQ(profile->exporters[0].schema.value, "basic");
  EXPECT_EQ(profile->exporters[0].format.name.value, format_names::kCsv);
  EXPECT_EQ(profile->exporters[0].path.value, "-");
  EXPECT_TRUE(profile->exporters[0].header);
}

TEST(RunProfile, ATerminalShowsATableUnlessToldOtherwise) {
  EXPECT_EQ(with_flags(command(), {}, true)->exporters[0].format.name.value, format_names::kPrint);
  PcapCommand csv = command();
  csv.output = format_names::kCsv;
  EXPECT_EQ(with_flags(csv, {}, true)->exporters[0].format.name.value, format_names::kCsv);
  PcapCommand file = command();
  file.export_path = "rows.csv";
  EXPECT_EQ(with_flags(file, {}, true)->exporters[0].format.name.value, format_names::kCsv);
  PcapCommand named = command();
  named.profile_path = "p.yaml";
  Profile profile;
  profile.exporters = {exporter("basic", format_names::kCsv, "-")};
  EXPECT_EQ(with_flags(named, profile, true)->exporters[0].format.name.value, format_names::kCsv);
}

TEST(RunProfile, ANameChoosesTheFormatUnlessOneIsGiven) {
  const auto format_of = [](PcapCommand flags, const Profile& profile = {}) {
    return with_flags(flags, profile, false).value().exporters.at(0).format.name.value;
  };
  PcapCommand flags = command();
  flags.export_path = "rows.jsonl.zst";
  EXPECT_EQ(format_of(flags), format_names::kJsonLines);
  flags.per_file = true;
  EXPECT_EQ(format_of(flags), format_names::kCsv) << "a folder";
  flags.per_file = false;
  flags.output = format_names::kCsv;
  EXPECT_EQ(format_of(flags), format_names::kCsv);

  flags = command();
  Profile profile;
  profile.exporters = {exporter("basic", format_names::kCsv, "rows.txt")};
  EXPECT_EQ(format_of(flags, profile), format_names::kPrint);
  profile.exporters[0].format_from = ProfileExporter::FormatFrom::kChoice;
  EXPECT_EQ(format_of(flags, profile), format_names::kCsv);
  flags.export_path = "rows.jsonl";
  EXPECT_EQ(format_of(flags, profile), format_names::kJsonLines) << "the command line is the later word";
  profile.exporters[0].format = format_called(format_names::kPrint);
  flags.export_path = "rows";
  EXPECT_EQ(format_of(flags, profile), format_names::kPrint) << "this name says nothing";
}

TEST(RunProfile, TheSchemaFlagTakesAllButTheSchemaFromTheProfile) {
  PcapCommand flags = command();
  flags.profile_path = "p.yaml";
  flags.schema = "cidds";
  Profile profile;
  profile.flow.idle_timeout_ns = 7;
  profile.exporters = {exporter("basic", format_names::kJsonLines, "x.jsonl"),
                       exporter("cidds", format_names::kCsv, "y.csv")};
  const Result<Profile> result = with_flags(flags, profile, false);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->exporters.size(), 1U);
  EXPECT_EQ(result->exporters[0].schema.value, "cidds");
  EXPECT_EQ(result->exporters[0].plugin.module.value, "");
  EXPECT_EQ(result->exporters[0].format.name.value, format_names::kJsonLines);
  EXPECT_EQ(result->exporters[0].path.value, "x.jsonl");
  EXPECT_EQ(result->flow.idle_timeout_ns, 7);
}

TEST(RunProfile, ThePluginFileOfTheSameSchemaStays) {
  PcapCommand flags = command();
  flags.schema = "basic";
  Profile profile;
  profile.exporters = {exporter("basic", format_names::kCsv, "-")};
  EXPECT_EQ(with_flags(flags, profile, false)->exporters[0].plugin.module.value, "module-of-it");
}

TEST(RunProfile, FlagsOverrideValues) {
  PcapCommand flags = command();
  flags.settings = {flag("flow.active_timeout", "1"), flag("flow.idle_timeout", "0"), flag("packets.filter", "tcp"),
                    flag("threads", "4")};
  flags.header = false;
  flags.drop_contaminants = true;
  Profile profile;
  profile.contamination.value = FG_REVEALS_TOOL;
  profile.packets.filter = {"udp", "p.yaml", 3};
  const Result<Profile> result = with_flags(flags, profile, false);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->flow.active_timeout_ns, 1'000'000'000);
  EXPECT_EQ(result->flow.idle_timeout_ns, 0);
  EXPECT_EQ(result->threads, 4U);
  EXPECT_EQ(result->packets.filter.value, "tcp");
  EXPECT_EQ(result->packets.filter.where(), "--packets.filter: ");
  EXPECT_FALSE(result->exporters[0].header);
  EXPECT_EQ(result->contamination.value, kRawIdentifiers | FG_REVEALS_TOOL);
}

TEST(RunProfile, FlagsOverrideHowPacketsAreTaken) {
  RealtimeCommand flags;
  flags.interfaces = {"eth0"};
  Profile profile;
  profile.live = {{CaptureMethod::kEbpf, AttachMethod::kTcx, true, false, 8, 1 << 20, true, true, false}, 5};
  EXPECT_EQ(with_flags(flags, profile, false)->live, profile.live) << "nothing was said";
  flags.settings = {
      flag("live.capture", "pcap"),      flag("live.attach", "auto"),      flag("live.merge_interfaces", "true"),
      flag("live.promiscuous", "false"), flag("live.until_down", "true"),  flag("live.rings", "auto"),
      flag("live.ring_size", "2MiB"),    flag("live.stats_interval", "0"), flag("flow.idle_timeout", "9"),
      flag("packets.filter", "tcp"),     flag("trial.time", "0"),          flag("trial.memory", "8GiB")};
  const Result<Profile> result = with_flags(flags, profile, true);
  ASSERT_TRUE(result);
  EXPECT_EQ(result->live,
            (ProfileLive{{CaptureMethod::kPcap, AttachMethod::kAuto, true, true, 0, 2 << 20, false, true, true}, 0}));
  EXPECT_EQ(result->trial, (TrialLimits{0, 8ULL << 30U}));
  EXPECT_EQ(result->packets.filter.value, "tcp");
  EXPECT_EQ(result->flow.idle_timeout_ns, 9'000'000'000);
  EXPECT_EQ(result->exporters.at(0).schema.value, "basic");
  EXPECT_EQ(result->exporters.at(0).format.name.value, format_names::kPrint) << "on a terminal";
}

TEST(RunProfile, ASettingMayNameTheOutputs) {
  PcapCommand flags = command();
  flags.settings = {{"exporters", "[{schema: cidds, format: jsonl}]", SettingForm::kYaml, "--set exporters"}};
  const Result<Profile> result = with_flags(flags, {}, true);
  ASSERT_TRUE(result);
  ASSERT_EQ(result->exporters.size(), 1U);
  EXPECT_EQ(result->exporters[0].schema.value, "cidds");
  EXPECT_EQ(result->exporters[0].format.name.value, format_names::kJsonLines) << "on a terminal, too: it was said";
  flags.export_path = "x.csv";
  EXPECT_EQ(with_flags(flags, {}, false)->exporters[0].path.value, "x.csv");
}

TEST(RunProfile, AProfileWithoutASchemaNeedsOne) {
  PcapCommand flags = command();
  flags.profile_path = "rules.yaml";
  const Result<Profile> result = with_flags(flags, {}, false);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, ExitCode::kUsage);
  EXPECT_EQ(result.error().message,
            "rules.yaml: the profile names no schema; add 'exporters:' to it or choose one with -f, as in '-f basic'");
}

TEST(RunProfile, OnePathForTwoOutputsIsRefused) {
  PcapCommand flags = command();
  flags.profile_path = "p.yaml";
  flags.export_path = "x.csv";
  Profile profile;
  profile.exporters = {exporter("basic", format_names::kCsv, "-"), exporter("cidds", format_names::kCsv, "y.csv")};
  const Result<Profile> result = with_flags(flags, profile, false);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().message,
            "--export-path: the profile writes 2 outputs, and this is a name for one; choose a schema with -f");
}

TEST(RunProfile, OnlyTheFirstTableAndToStandardOutput) {
  PcapCommand flags = command();
  flags.first_table = true;
  Profile profile;
  profile.exporters = {exporter("cidds", format_names::kJsonLines, "a.jsonl"),
                       exporter("basic", format_names::kCsv, "b.csv")};
  const Result<Profile> first = with_flags(flags, profile, false);
  ASSERT_TRUE(first);
  ASSERT_EQ(first->exporters.size(), 1U);
  EXPECT_EQ(first->exporters[0].schema.value, "cidds");
  EXPECT_EQ(first->exporters[0].path.value, "-");
  EXPECT_EQ(first->exporters[0].plugin.module.value, "module-of-it");

  flags.profile_path = "rules.yaml";  // which names none
  const Result<Profile> none = with_flags(flags, {}, false);
  ASSERT_TRUE(none);
  EXPECT_EQ(none->exporters.at(0).schema.value, "basic");
}

TEST(RunProfile, TheOutputMayBeWhatAProfileHas) {
  PcapCommand flags = command();
  flags.output = "{name: arrow, options: {uint64: true}}";
  const Result<Profile> profile = with_flags(flags, {}, false);
  ASSERT_TRUE(profile);
  const ProfileFormat& format = profile->exporters.at(0).format;
  EXPECT_EQ(format.name.value, "arrow");
  ASSERT_EQ(format.options.size(), 1U);
  EXPECT_EQ(format.options[0].text.value, "true");

  flags.output = "{nam: arrow}";
  const Result<Profile> mistaken = with_flags(flags, {}, false);
  ASSERT_FALSE(mistaken);
  EXPECT_EQ(mistaken.error().message.substr(0, 32), "--output:1: unknown key 'nam' in");
}

}  // namespace
}  // namespace flowgauge
