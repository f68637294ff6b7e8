#include "core/host/interface_watch.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "tests/live/own_namespace.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Kind = InterfaceChange::Kind;

constexpr const char* kMake = "ip link add wa type veth peer name wb && ip link set wa up && ip link set wb up";

std::vector<std::string> names_of(const InterfaceWatch& watch) {
  std::vector<std::string> names;
  for (const FollowedInterface& followed : watch.interfaces()) names.push_back(followed.name);
  return names;
}

InterfaceWatch open_watch(std::vector<std::string> words, MissingInterfaces missing = MissingInterfaces::kRefuse) {
  auto watch = InterfaceWatch::open(std::move(words), missing);
  if (!watch) throw std::runtime_error(watch.error().message);
  return std::move(*watch);
}

std::string refusal(std::vector<std::string> words) {
  const auto watch = InterfaceWatch::open(std::move(words), MissingInterfaces::kRefuse);
  return watch ? "none" : watch.error().message;
}

void follow_two() {
  ASSERT_TRUE(run_line(kMake));
  InterfaceWatch watch = open_watch({"wa", "wb"});
  EXPECT_THAT(watch.check(), IsEmpty());
  EXPECT_EQ(watch.most(), 2U);

  ASSERT_TRUE(run_line("ip link set wb down"));  // takes the carrier of wa, which does not count
  EXPECT_THAT(watch.check(), ElementsAre(InterfaceChange{"wb", Kind::kDown}));
  EXPECT_THAT(watch.check(), IsEmpty());
  EXPECT_FALSE(watch.all_lost());

  ASSERT_TRUE(run_line("ip link set wb name renamed && ip link set renamed up"));
  EXPECT_THAT(watch.check(),
              ElementsAre(InterfaceChange{"wb", Kind::kRenamed, "renamed"}, InterfaceChange{"wb", Kind::kUp}));
  EXPECT_THAT(names_of(watch), ElementsAre("wa", "wb")) << "it keeps its first name";

  ASSERT_TRUE(run_line("ip link del wa"));  // and its peer with it
  EXPECT_THAT(watch.check(), ElementsAre(InterfaceChange{"wa", Kind::kGone}, InterfaceChange{"wb", Kind::kGone}));
  EXPECT_TRUE(watch.all_lost());

  ASSERT_TRUE(run_line(kMake));
  EXPECT_THAT(watch.check(), ElementsAre(InterfaceChange{"wa", Kind::kThere}, InterfaceChange{"wb", Kind::kThere}));
  EXPECT_FALSE(watch.all_lost());

  // Deleted and made again between two looks.
  ASSERT_TRUE(run_line(std::string("ip link del wa && ") + kMake));
  EXPECT_THAT(watch.check(), ElementsAre(InterfaceChange{"wa", Kind::kGone}, InterfaceChange{"wa", Kind::kThere},
                                         InterfaceChange{"wb", Kind::kGone}, InterfaceChange{"wb", Kind::kThere}));
}

void await_and_find() {
  EXPECT_EQ(refusal({"w*"}), "no interface that is up matches 'w*'; `ip -br link` lists those there are");
  EXPECT_THAT(refusal({"wa"}), testing::StartsWith("there is no interface 'wa'"));
  InterfaceWatch late = open_watch({"wa"}, MissingInterfaces::kAwait);
  InterfaceWatch matching = open_watch({"w[ab]", "lo"}, MissingInterfaces::kAwait);
  EXPECT_TRUE(late.all_lost());
  EXPECT_THAT(names_of(late), ElementsAre("wa"));
  EXPECT_THAT(names_of(matching), ElementsAre("lo"));
  EXPECT_EQ(matching.most(), InterfaceWatch::kMostFollowed);

  ASSERT_TRUE(run_line("ip link add wa type veth peer name wb && ip link property add dev wa altname uplink"));
  EXPECT_THAT(late.check(), IsEmpty()) << "it is not up yet";
  ASSERT_TRUE(run_line("ip link set wa up && ip link set wb up"));
  EXPECT_THAT(late.check(), ElementsAre(InterfaceChange{"wa", Kind::kThere}));
  EXPECT_THAT(matching.check(),
              testing::UnorderedElementsAre(InterfaceChange{"wa", Kind::kThere}, InterfaceChange{"wb", Kind::kThere}));

  EXPECT_THAT(names_of(open_watch({"uplink", "wa"})), ElementsAre("wa")) << "one interface, named twice";
  EXPECT_EQ(names_of(open_watch({"any"})).size(), 2U) << "lo is down";
  InterfaceWatch by_other_name = open_watch({"uplink"});
  ASSERT_TRUE(
      run_line("ip link del wa && ip link add wc type veth peer name wb && "
               "ip link property add dev wc altname uplink && ip link set wc up"));
  EXPECT_THAT(by_other_name.check(),
              ElementsAre(InterfaceChange{"wa", Kind::kGone}, InterfaceChange{"wa", Kind::kThere}));
  ASSERT_TRUE(run_line("ip link set wc down"));
  EXPECT_EQ(refusal({"wc"}), "interface wc is down; set it up with 'ip link set dev wc up'");
}

void run_in_namespace(void (*body)()) {
  const InNamespace result = in_own_network_namespace(body);
  if (result == InNamespace::kMayNot) GTEST_SKIP() << "no network namespace may be made here";
  EXPECT_EQ(result, InNamespace::kPassed);
}

TEST(InterfaceWatch, FollowsThoseThatGoComeAndAreRenamed) { run_in_namespace(follow_two); }
TEST(InterfaceWatch, AwaitsNamesAndFindsWhatPatternsMatch) { run_in_namespace(await_and_find); }

TEST(InterfaceWatch, ChangesHaveTheirWords) {
  const std::chrono::system_clock::time_point when{};
  const auto text = [&](Kind kind) { return message_for({"e$", kind, "lan0"}, when); };
  EXPECT_EQ(text(Kind::kDown),
            "interface e$ went down: none of its packets are seen until 'ip link set dev 'e$' up' "
            "(1970-01-01T00:00:00Z)");
  EXPECT_EQ(text(Kind::kGone),
            "interface e$ is gone: it was deleted, or moved to another network namespace (1970-01-01T00:00:00Z)");
  EXPECT_EQ(text(Kind::kUp), "interface e$ is up again (1970-01-01T00:00:00Z)");
  EXPECT_EQ(text(Kind::kThere), "interface e$ is there: its packets are seen (1970-01-01T00:00:00Z)");
  EXPECT_EQ(text(Kind::kRenamed),
            "interface e$ is called lan0 now; it is followed, under the name that it had (1970-01-01T00:00:00Z)");
  EXPECT_EQ(text(Kind::kTooMany),
            "interface e$ is not captured, nor is any that comes after it: 256 are followed, the most "
            "(1970-01-01T00:00:00Z)");
}

}  // namespace
}  // namespace flowgauge
