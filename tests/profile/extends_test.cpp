// Mappings merge key by key, lists and single values replace; every value remembers its own file.
#include "core/profile/canonical.h"
#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

const std::string kGood = kProfileFixtures + "/good/";

TEST(Extends, MergesMappingsAndReplacesTheRest) {
  const Result<Profile> top = load_profile(kGood + "top.yaml", kShippedFolders);
  ASSERT_TRUE(top) << top.error().message;
  EXPECT_EQ(describe(*top),
            "flow:\n"
            "  direction: role\n"        // top
            "  continuation: inherit\n"  // default
            "  tcp_close: linger\n"
            "  tcp_reuse: split\n"
            "  flow_key: full\n"
            "  idle_timeout: 10s\n"    // base
            "  active_timeout: 60s\n"  // middle
            "  linger: 2s\n"           // middle over base
            "  early_export: 0\n"
            "  clock_jump: 600s\n"
            "  max_flows: 1000000\n"
            "packets:\n"
            "  decapsulate: inner\n"
            "  fragments: join\n"
            "  udp_payload: datagram\n"
            "  protocols: [sctp]\n"  // middle replaces the list of base
            "  vxlan_ports: [4789, 8472]\n"
            "  geneve_ports: [6081]\n"
            "  gtpu_ports: [2152]\n"
            "  l2tpv3_cookie: 0\n"
            "  filter: \"\"\n"  // top empties that of base
            "features: []\n"    // top
            "exporters:\n"
            "  - schema: cidds\n"
            "    format: csv\n"
            "    path: top.csv\n"
            "    header: true\n"
            "output:\n"
            "  time_decimals: fixed\n"
            "contamination: strict\n"  // base
            "threads: 3\n");           // base
  EXPECT_EQ(top->files, (std::vector<std::string>{kGood + "base.yaml", kGood + "middle.yaml", kGood + "top.yaml"}));
}

TEST(Extends, EachValueKnowsItsOwnFile) {
  const Result<Profile> middle = load_profile(kGood + "middle.yaml", kShippedFolders);
  ASSERT_TRUE(middle) << middle.error().message;
  EXPECT_EQ(middle->packets.filter.where(), kGood + "base.yaml:8: ");
  EXPECT_EQ(middle->exporters.at(0).schema.where(), kGood + "base.yaml:9: ");
  EXPECT_EQ(middle->contamination.where(), kGood + "base.yaml:11: ");
}

TEST(Extends, DescriptionIsNotInherited) {
  const Result<Profile> middle = load_profile(kGood + "middle.yaml", kShippedFolders);
  ASSERT_TRUE(middle) << middle.error().message;
  EXPECT_EQ(middle->description, "");
}

TEST(Extends, PathIsMeantFromTheFileItStandsIn) {
  const ProfileFolder folder;
  folder.write("shared/base.yaml", "extends: ../deep/er/root.yaml\nthreads: 2\n");
  folder.write("deep/er/root.yaml", "flow: {linger: 9s}\nfeatures: [plugins/own.so]\n");
  const std::string top = folder.write("mine/top.yaml", "extends: ../shared/base.yaml\n");
  const Result<Profile> profile = load_profile(top, kShippedFolders);
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->flow.linger_ns, 9'000'000'000);
  EXPECT_EQ(profile->threads, 2u);
  EXPECT_EQ(profile->features.at(0).plugin.module.value, folder.path() + "/deep/er/plugins/own.so");
}

TEST(Extends, AbsolutePathWorks) {
  const ProfileFolder folder;
  const std::string base = folder.write("base.yml", "threads: 2\n");
  const Result<Profile> profile = load_text("extends: " + base + "\n");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->threads, 2u);
}

TEST(Extends, NameIsLookedUpInTheFoldersInOrderAndNotBesideTheFile) {
  const ProfileFolder folder;
  folder.write("first/one.yaml", "threads: 1\n");
  folder.write("second/one.yaml", "threads: 2\n");
  folder.write("second/compat/two.yaml", "threads: 3\n");
  const std::vector<std::string> folders = {folder.path() + "/first", folder.path() + "/missing",
                                            folder.path() + "/second"};
  folder.write("mine/one.yaml", "threads: 9\n");
  const std::string top = folder.write("mine/top.yaml", "extends: one\n");
  EXPECT_EQ(load_profile(top, folders)->threads, 1u);
  EXPECT_EQ(load_profile("one", folders)->threads, 1u);
  EXPECT_EQ(load_profile("compat/two", folders)->threads, 3u);
  EXPECT_EQ(available_profiles(folders), (std::vector<std::string>{"compat/two", "one"}));
}

TEST(Extends, CircleThroughASymbolicLinkIsFound) {
  const ProfileFolder folder;
  const std::string top = folder.write("a.yaml", "extends: ./b.yaml\n");
  std::filesystem::create_symlink("a.yaml", std::filesystem::path(folder.path()) / "b.yaml");
  const Result<Profile> profile = load_profile(top, kShippedFolders);
  ASSERT_FALSE(profile);
  EXPECT_EQ(replace_all(profile.error().message, folder.path() + "/", ""),
            "a.yaml:1: 'extends' goes in a circle: a.yaml -> b.yaml");
}

TEST(Extends, ChainIsLimited) {
  const ProfileFolder folder;
  folder.write("p0.yaml", "threads: 7\n");
  std::string last;
  for (std::size_t i = 1; i <= kLongestExtendsChain; ++i) {
    last = folder.write(fmt::format("p{}.yaml", i), fmt::format("extends: p{}.yaml\n", i - 1));
  }
  const Result<Profile> whole = load_profile(folder.path() + "/p15.yaml", kShippedFolders);
  ASSERT_TRUE(whole) << whole.error().message;
  EXPECT_EQ(whole->threads, 7u);
  const Result<Profile> longer = load_profile(last, kShippedFolders);
  ASSERT_FALSE(longer);
  EXPECT_EQ(replace_all(longer.error().message, folder.path() + "/", ""),
            "p1.yaml:1: more than 16 profiles extend each other here");
}

// A mistake in a file is a mistake even where another file covers it.
TEST(Extends, BadValueIsRefusedAlthoughItIsReplaced) {
  const ProfileFolder folder;
  folder.write("base.yaml", "# one\nthreads: none\n");
  const std::string top = folder.write("top.yaml", "extends: base.yaml\nthreads: 2\n");
  const Result<Profile> profile = load_profile(top, kShippedFolders);
  ASSERT_FALSE(profile);
  EXPECT_EQ(replace_all(profile.error().message, folder.path() + "/", ""),
            "base.yaml:2: 'threads' must be 'auto' or a whole number from 1 to 256");
}

TEST(ProfileText, IsReadAsAFileIs) {
  const Result<Profile> read =
      parse_profile("extends: " + kGood + "middle.yaml\nthreads: 2\n", "the text", kShippedFolders);
  ASSERT_TRUE(read) << read.error().message;
  EXPECT_EQ(read->threads, 2U);
  EXPECT_EQ(read->files, (std::vector<std::string>{kGood + "base.yaml", kGood + "middle.yaml"})) << "it is no file";

  const auto refusal = [](const std::string& text) {
    const Result<Profile> refused = parse_profile(text, "the text", kShippedFolders);
    return refused ? "" : refused.error().message;
  };
  EXPECT_EQ(refusal("threads: many"), "the text:1: 'threads' must be 'auto' or a whole number from 1 to 256");
  EXPECT_EQ(refusal(""), "the text:1: the profile is empty");
  EXPECT_EQ(refusal(std::string(kLargestProfileBytes + 1, ' ')), "the text: larger than 1.0 MiB; this is no profile");
}

}  // namespace
}  // namespace flowgauge
