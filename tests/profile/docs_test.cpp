// docs/profiles.md says every key, no other, and the defaults that hold. Its examples load.
#include <algorithm>

#include "core/profile/canonical.h"
#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

struct DocumentedKey {
  std::string name;
  std::string facts;  // the line after the heading: "Type. Default: `x`."
};

// A key's heading is "### `NAME`"; the first line of text after it has its type and default.
std::vector<DocumentedKey> documented_keys(const std::string& page) {
  std::vector<DocumentedKey> keys;
  bool facts_follow = false;
  std::istringstream lines(page);
  for (std::string line; std::getline(lines, line);) {
    if (line.starts_with("### `") && line.ends_with("`")) {
      keys.push_back({line.substr(5, line.size() - 6), ""});
      facts_follow = true;
    } else if (facts_follow && !line.empty()) {
      keys.back().facts = line;
      facts_follow = false;
    }
  }
  return keys;
}

std::string page() { return read_file(FLOWGAUGE_SOURCE_DIR "/docs/profiles.md"); }

TEST(ProfileDocs, HaveEveryKeyAndNoOther) {
  std::vector<std::string> names;
  for (const DocumentedKey& key : documented_keys(page())) names.push_back(key.name);
  EXPECT_EQ(names, profile_keys());
}

TEST(ProfileDocs, SayTypeAndDefaultOfEveryKey) {
  for (const DocumentedKey& key : documented_keys(page())) {
    const bool has_type = key.facts.find("Type: ") == 0;
    const bool has_default = key.facts.find(" Default: ") != std::string::npos || key.facts.ends_with(" Required.");
    EXPECT_TRUE(has_type && has_default) << key.name << ": " << key.facts;
  }
}

// "flow.linger" -> "5s", from the canonical text of the defaults; of an exporter, those of one with a schema alone.
std::string default_of(const std::string& key) {
  Profile defaults;
  if (key.starts_with("exporters[]")) {
    defaults.exporters.resize(1);
    defaults.exporters[0].schema.value = "basic";
  }
  if (key.starts_with("exporters[].columns[]")) defaults.exporters[0].columns.resize(1);
  // The section is shown where one of its keys has another value.
  if (key == "live.rings") defaults.live.ingress_only = true;
  if (key.starts_with("live.") && key != "live.rings") defaults.live.rings = 2;
  if (key == "trial.time") defaults.trial.memory_bytes = 0;
  if (key == "trial.memory") defaults.trial.time_ns = 0;
  const std::string name = key.substr(key.rfind('.') + 1);
  std::istringstream lines(describe(defaults));
  for (std::string line; std::getline(lines, line);) {
    const std::size_t begin = line.find_first_not_of(" -");
    if (line.compare(begin, name.size() + 2, name + ": ") == 0) return line.substr(begin + name.size() + 2);
  }
  return "";
}

TEST(ProfileDocs, SayTheDefaultsThatHold) {
  int compared = 0;
  for (const DocumentedKey& key : documented_keys(page())) {
    const std::size_t begin = key.facts.find(" Default: `");
    if (begin == std::string::npos) continue;
    const std::size_t text = begin + 11;
    EXPECT_EQ(key.facts.substr(text, key.facts.find('`', text) - text), default_of(key.name)) << key.name;
    ++compared;
  }
  EXPECT_EQ(compared, 43);
}

TEST(ProfileDocs, ExamplesLoad) {
  const std::string text = page();
  const std::string fence = "```yaml\n";
  int loaded = 0;
  for (std::size_t at = text.find(fence); at != std::string::npos; at = text.find(fence, at)) {
    at += fence.size();
    const std::string example = text.substr(at, text.find("```", at) - at);
    const Result<Profile> profile = load_text(example);
    EXPECT_TRUE(profile) << (profile ? "" : profile.error().message) << "\n" << example;
    ++loaded;
  }
  EXPECT_GE(loaded, 20);
}

}  // namespace
}  // namespace flowgauge
