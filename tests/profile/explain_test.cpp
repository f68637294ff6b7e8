// What each key is in effect, and who set it: this file, one that it extends, a flag, nobody.
#include "core/profile/explain.h"

#include <algorithm>

#include "core/profile/key_text.h"
#include "core/profile/output_name.h"
#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

// "top.yaml:3", "--set threads", "default"
std::string origin_of(const ExplainedKey& key) {
  if (!key.origin) return "default";
  if (key.origin->line == 0) return key.origin->file;
  return fmt::format("{}:{}", std::filesystem::path(key.origin->file).filename().string(), key.origin->line);
}

std::string row_of(const std::vector<ExplainedKey>& keys, const std::string& name) {
  const auto found = std::ranges::find(keys, name, &ExplainedKey::key);
  return found == keys.end() ? "none" : fmt::format("{} {}", found->value, origin_of(*found));
}

class Explain : public testing::Test {
 protected:
  std::vector<ExplainedKey> explained(const std::string& file, const std::vector<Setting>& settings = {}) {
    Result<TracedProfile> traced = load_traced_profile(file);
    EXPECT_TRUE(traced) << (traced ? "" : traced.error().message);
    EXPECT_TRUE(apply(settings, *traced));
    EXPECT_TRUE(settle_formats(traced->profile));
    return *explain(*traced);
  }
  ProfileFolder folder_;
};

TEST_F(Explain, EveryKeyOfTheWholeAndOfItsSectionsIsThere) {
  const std::vector<ExplainedKey> keys = explained(folder_.write("p.yaml", "threads: 3\n"));
  std::vector<std::string> names;
  for (const ExplainedKey& key : keys) names.push_back(key.key);
  std::vector<std::string> expected = profile_keys();
  std::erase_if(expected, [](const std::string& key) {
    const bool is_section = key == "flow" || key == "packets" || key == "output" || key == "labels" || key == "live" ||
                            key == "monitor" || key == "trial";
    return is_section || key == "extends" || key.find("[]") != std::string::npos;
  });
  EXPECT_EQ(names, expected);
  EXPECT_EQ(row_of(keys, "threads"), "3 p.yaml:1");
  EXPECT_EQ(row_of(keys, "flow.linger"), "5s default");
  EXPECT_EQ(row_of(keys, "live.rings"), "auto default");
  EXPECT_EQ(row_of(keys, "features"), "[] default");
  EXPECT_EQ(row_of(keys, "packets.filter"), " default");
  EXPECT_EQ(row_of(keys, "labels.file"), "none default");
  EXPECT_EQ(row_of(keys, "labels.time_zone"), "none default");
}

TEST_F(Explain, WhoSetAKeyLast) {
  folder_.write("base.yaml",
                "description: base\n"
                "flow: {idle_timeout: 10s, linger: 2s}\n"
                "packets:\n  protocols: [tcp]\n"
                "exporters:\n  - schema: basic\n    path: base.csv\n  - cidds\n"
                "labels: {file: rules.csv, time_zone: UTC}\n");
  const std::string top = folder_.write("top.yaml",
                                        "extends: ./base.yaml\n"
                                        "flow:\n  linger: 3s\n"
                                        "labels: {file: other.csv}\n");
  const std::vector<ExplainedKey> keys =
      explained(top, {{"threads", "2", SettingForm::kYaml, "--set threads"},
                      {"flow.active_timeout", "60", SettingForm::kText, "--active-timeout"}});
  EXPECT_EQ(row_of(keys, "description"), "none default");
  EXPECT_EQ(row_of(keys, "flow.idle_timeout"), "10s base.yaml:2");
  EXPECT_EQ(row_of(keys, "flow.linger"), "3s top.yaml:3");
  EXPECT_EQ(row_of(keys, "flow.active_timeout"), "60s --active-timeout");
  EXPECT_EQ(row_of(keys, "threads"), "2 --set threads");
  EXPECT_EQ(row_of(keys, "packets.protocols"), "[tcp] base.yaml:4");
  EXPECT_EQ(row_of(keys, "exporters[0].schema"), "basic base.yaml:6");
  EXPECT_EQ(row_of(keys, "exporters[0].path"), "base.csv base.yaml:7");
  EXPECT_EQ(row_of(keys, "exporters[0].header"), "true default");
  EXPECT_EQ(row_of(keys, "exporters[1].schema"), "cidds base.yaml:8");
  EXPECT_EQ(row_of(keys, "exporters[1].path"), "- default");
  EXPECT_TRUE(row_of(keys, "labels.file").ends_with("other.csv top.yaml:4")) << row_of(keys, "labels.file");
  EXPECT_EQ(row_of(keys, "labels.time_zone"), "none default");
  EXPECT_TRUE(row_of(explained(folder_.path() + "/base.yaml"), "labels.time_zone").ends_with("UTC base.yaml:9"));
}

TEST_F(Explain, AListIsOneValue) {
  folder_.write("base.yaml", "exporters:\n  - schema: basic\n    path: base.jsonl\n");
  const std::string top = folder_.write("top.yaml", "extends: ./base.yaml\nexporters:\n  - columns: [flow.src_ip]\n");
  EXPECT_EQ(row_of(explained(folder_.path() + "/base.yaml"), "exporters[0].format"), "jsonl base.yaml:3");
  const std::vector<ExplainedKey> keys = explained(top);
  EXPECT_EQ(row_of(keys, "exporters[0].schema"), "none");
  EXPECT_EQ(row_of(keys, "exporters[0].columns[0].name"), "flow.src_ip top.yaml:3");
  EXPECT_EQ(row_of(keys, "exporters[0].columns[0].when"), "both default");
  EXPECT_EQ(row_of(keys, "exporters[0].path"), "- default");
  const auto set = explained(top, {{"exporters", "[cidds]", SettingForm::kYaml, "--set exporters"}});
  EXPECT_EQ(row_of(set, "exporters[0].schema"), "cidds --set exporters");
  EXPECT_EQ(row_of(set, "exporters[0].columns[0].name"), "none");
}

TEST_F(Explain, OptionsHaveTheTextOfTheirKey) {
  const auto keys = explained(folder_.write("p.yaml", "exporters:\n  - schema: nfstream\n    options: {gaps: fill}\n"));
  const auto gaps = std::ranges::find(keys, "exporters[0].options.gaps", &ExplainedKey::key);
  ASSERT_NE(gaps, keys.end());
  EXPECT_EQ(gaps->meaning, text_of_key("exporters[].options")->meaning);
  EXPECT_EQ(origin_of(*gaps), "p.yaml:3");
}

TEST_F(Explain, KeysAreNamedOneByOneBySectionAndForAllEntries) {
  const auto keys = explained(folder_.write("p.yaml", "exporters: [basic, {schema: cidds, path: c.csv}]\n"));
  const auto count = [&](std::string_view name) { return keys_named(keys, name)->size(); };
  EXPECT_EQ(count("flow.linger"), 1);
  EXPECT_EQ(count("monitor"), 2);
  EXPECT_EQ(count("exporters[].path"), 2);
  EXPECT_EQ(count("exporters[1].path"), 1);
  EXPECT_EQ(count("exporters[1]"), count("exporters") / 2);
  const std::vector<ExplainedKey> unset = *keys_named(keys, "exporters[].rotate.size");
  ASSERT_EQ(unset.size(), 1U);
  EXPECT_EQ(row_of(unset, "exporters[].rotate.size"), "none default");
  const auto wrong = keys_named(keys, "flow.lingr");
  ASSERT_FALSE(wrong);
  EXPECT_EQ(wrong.error().code, ExitCode::kUsage);
  EXPECT_EQ(wrong.error().message, "'flow.lingr' is no key of a profile; did you mean 'flow.linger'?");
}

TEST(KeyText, EveryKeyHasOne) {
  for (const std::string& key : profile_keys()) {
    const std::optional<KeyText> text = text_of_key(key);
    ASSERT_TRUE(text) << key;
    EXPECT_FALSE(text->type.empty() || text->fallback.empty()) << key;
    EXPECT_TRUE(first_sentence(text->meaning).find_last_of(".:") != std::string::npos) << key << ": " << text->meaning;
    EXPECT_EQ(text->meaning.find("]("), std::string::npos) << key << ": " << text->meaning;
  }
  const KeyText linger = *text_of_key("flow.linger");
  EXPECT_EQ(linger.type, "duration");
  EXPECT_EQ(linger.fallback, "5s");
  EXPECT_EQ(first_sentence(linger.meaning),
            "How long a closed TCP flow stays with `tcp_close: linger`, counted from the closing packet.");
  EXPECT_FALSE(text_of_key("flow.lingr"));
}

}  // namespace
}  // namespace flowgauge
