// The profiles that come with the program.
#include "core/profile/canonical.h"
#include "tests/profile/profile_files.h"

namespace flowgauge {
namespace {

TEST(ShippedProfiles, AllLoadAndSayWhatTheyAreFor) {
  const std::vector<std::string> names = available_profiles(kShippedFolders);
  ASSERT_GE(names.size(), 3u);
  for (const std::string& name : names) {
    const Result<Profile> profile = load_profile(name, kShippedFolders);
    ASSERT_TRUE(profile) << profile.error().message;
    EXPECT_FALSE(profile->description.empty()) << name;
  }
}

TEST(ShippedProfiles, BasicIsTheDefaultsWithTheBasicTable) {
  const Result<Profile> basic = load_profile("basic", kShippedFolders);
  ASSERT_TRUE(basic) << basic.error().message;
  Profile expected;
  expected.exporters.resize(1);
  expected.exporters[0].schema.value = "basic";
  EXPECT_EQ(profile_hash(*basic), profile_hash(expected));
}

TEST(ShippedProfiles, ThoseOfOtherTablesDifferFromBasicInThatAlone) {
  for (const char* name : {"cic", "cidds", "nfstream", "rustiflow"}) {
    const Result<Profile> profile = load_profile(name, kShippedFolders);
    ASSERT_TRUE(profile) << profile.error().message;
    Profile expected = load_profile("basic", kShippedFolders).value();
    expected.exporters[0].schema.value = name;
    EXPECT_EQ(profile_hash(*profile), profile_hash(expected)) << name;
  }
}

TEST(ShippedProfiles, RustiflowHasTheRulesOfTheSemantics) {  // docs/semantics.md, section 7
  const Result<Profile> profile = load_profile("compat/rustiflow", kShippedFolders);
  ASSERT_TRUE(profile) << profile.error().message;
  Profile expected;
  expected.flow.direction = DirectionRule::kFirstPacket;
  expected.flow.continuation = Continuation::kFresh;
  expected.flow.tcp_close = TcpClose::kImmediate;
  expected.flow.tcp_reuse = TcpReuse::kMerge;
  expected.flow.flow_key = KeyRule::kFiveTuple;
  expected.flow.clock_jump_ns = 0;
  expected.packets.decapsulate = Decapsulate::kOuter;
  expected.packets.fragments = FragmentRule::kDrop;
  expected.packets.udp_payload = UdpPayload::kPacket;
  expected.packets.protocols = {1, 6, 17, 58};
  expected.output.time_decimals = TimeDecimals::kShortest;
  expected.description = profile->description;
  EXPECT_EQ(describe(*profile), describe(expected));
}

// The build tree has them where an installed program looks.
TEST(ShippedProfiles, AreFoundByNameWithoutInstalling) {
  const Result<Profile> profile = load_profile("compat/rustiflow");
  ASSERT_TRUE(profile) << profile.error().message;
  EXPECT_EQ(profile->flow.flow_key, KeyRule::kFiveTuple);
}

}  // namespace
}  // namespace flowgauge
