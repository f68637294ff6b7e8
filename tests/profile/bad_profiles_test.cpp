// Every file of fixtures/profiles/bad is refused with the sentence that stands in expected.txt beside them.
// After a change that is meant, `./dev golden` writes the file anew; review it as a diff.
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>

#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

const std::string kBadFolder = kProfileFixtures + "/bad";

std::vector<std::string> bad_files() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(kBadFolder)) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

std::string refusal_of(const std::string& name) {
  const Result<Profile> profile = load_profile(kBadFolder + "/" + name, kShippedFolders);
  if (profile) return name + " was accepted";
  EXPECT_EQ(profile.error().code, ExitCode::kUsage) << name;
  // The sentences stand in the repository, so they are told from inside it.
  const std::string from_bad = replace_all(profile.error().message, kBadFolder + "/", "");
  return replace_all(from_bad, FLOWGAUGE_SOURCE_DIR "/", "");
}

TEST(BadProfiles, AreEachRefusedWithTheirSentence) {
  std::string sentences;
  for (const std::string& name : bad_files()) sentences += refusal_of(name) + "\n";
  const std::string golden = kBadFolder + "/expected.txt";
  if (std::getenv("FLOWGAUGE_WRITE_GOLDEN") != nullptr) std::ofstream(golden) << sentences;
  EXPECT_EQ(sentences, read_file(golden));
}

TEST(BadProfiles, AreRefusedInOneLineThatBeginsWithAPlace) {
  for (const std::string& name : bad_files()) {
    const std::string message = refusal_of(name);
    EXPECT_EQ(message.find_first_of("\n\x1b"), std::string::npos) << message;
    EXPECT_THAT(message, testing::MatchesRegex("[a-z0-9_]+\\.yaml:([0-9]+:)? .*"));
  }
}

TEST(BadProfiles, MissingFileIsNamed) {
  const Result<Profile> profile = load_profile("./no/such.yaml", kShippedFolders);
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().message, "profile './no/such.yaml' not found; check its path");
}

TEST(BadProfiles, MisspelledNameIsSuggested) {
  const Result<Profile> profile = load_profile("basik", kShippedFolders);
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().message, "profile 'basik' not found; did you mean 'basic'?");
}

TEST(BadProfiles, FolderIsNoProfile) {
  const Result<Profile> profile = load_profile("/", kShippedFolders);
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().message, "'/' is a folder, not a profile");
}

TEST(BadProfiles, NoNameLeadsOutOfTheFolder) {
  const ProfileFolder folder;
  folder.write("secret.yaml", "threads: 2\n");
  folder.write("configs/a/b.yaml", "threads: 2\n");
  const std::vector<std::string> folders = {folder.path() + "/configs"};
  EXPECT_TRUE(load_profile("a/b", folders));
  EXPECT_FALSE(load_profile("a/../../secret", folders));
  EXPECT_FALSE(load_profile("", folders));
}

TEST(BadProfiles, SizeIsLimited) {
  const std::string key = "threads: 1\n";
  EXPECT_TRUE(load_text(key + std::string(kLargestProfileBytes - key.size(), '#')));
  const Result<Profile> profile = load_text(key + std::string(kLargestProfileBytes - key.size() + 1, '#'));
  ASSERT_FALSE(profile);
  EXPECT_EQ(profile.error().message, "p.yaml: larger than 1.0 MiB; this is no profile");
}

// Under the limit of size, whatever the text: refused, not slow, no crash.
TEST(BadProfiles, HostileTextIsRefused) {
  const auto repeated = [](const std::string& text, std::size_t count) {
    std::string result;
    for (std::size_t i = 0; i < count; ++i) result += text;
    return result;
  };
  std::string many_keys;
  for (int i = 0; i < 50'000; ++i) many_keys += fmt::format("k{}: 1\n", i);
  std::string stairs;
  for (int i = 0; i < 500; ++i) stairs += std::string(static_cast<std::size_t>(i), ' ') + "a:\n";
  const std::string texts[] = {repeated("[", 300'000),
                               repeated("{", 300'000),
                               repeated("- ", 300'000),
                               repeated("? ", 300'000),
                               repeated("{a: ", 100'000),
                               stairs,
                               many_keys,
                               std::string(500'000, 'a'),
                               "%YAML 9.9\n---\na: 1\n",
                               "\xff\xfe\x00\xd8",
                               "flow: \"\\ud800\"",
                               repeated("\xc3", 1000),
                               "a: |\n" + std::string(100'000, ' '),
                               std::string(1000, '\0')};
  for (const std::string& text : texts) {
    const Result<Profile> profile = load_text(text);
    ASSERT_FALSE(profile) << text.substr(0, 20);
    EXPECT_LT(profile.error().message.size(), 400u) << profile.error().message;
  }
}

}  // namespace
}  // namespace flowgauge
