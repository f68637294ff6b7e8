#include "core/host/interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <array>
#include <string>

#include "tests/live/own_namespace.h"

namespace flowgauge {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

TEST(Interfaces, LoopbackIsThere) {
  const Result<Interface> loopback = find_interface("lo");
  ASSERT_TRUE(loopback) << loopback.error().message;
  EXPECT_EQ(loopback->name, "lo");
  EXPECT_EQ(loopback->index, if_nametoindex("lo"));
  EXPECT_EQ(loopback->hardware_type, ARPHRD_LOOPBACK);
  EXPECT_GT(loopback->mtu, 0U);
}

TEST(Interfaces, MissingOneIsAnErrorThatNamesThoseThereAre) {
  const Result<Interface> missing = find_interface("loo");
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().code, ExitCode::kInput);
  EXPECT_THAT(missing.error().message, StartsWith("there is no interface 'loo'; did you mean 'lo'?; there are lo"));
}

TEST(Interfaces, ChangesHaveTheirWords) {
  EXPECT_EQ(message_for({"eth0", InterfaceState::kDown}),
            "interface eth0 went down: none of its packets are seen until 'ip link set dev eth0 up'");
  EXPECT_EQ(message_for({"eth0", InterfaceState::kAway}),
            "interface eth0 is gone: it was deleted, or moved to another network namespace");
  EXPECT_EQ(message_for({"eth0", InterfaceState::kUp}), "interface eth0 is up again");
}

void watch_two_interfaces() {
  ASSERT_TRUE(run_line("ip link add wa type veth peer name wb && ip link set wa up && ip link set wb up"));
  const std::array<std::string, 2> names = {"wa", "wb"};
  Result<InterfaceWatch> watch = InterfaceWatch::open(names);
  ASSERT_TRUE(watch) << watch.error().message;
  EXPECT_THAT(watch->check(), IsEmpty());

  ASSERT_TRUE(run_line("ip link set wb down"));  // takes the carrier of wa, which does not count
  EXPECT_THAT(watch->check(), ElementsAre(InterfaceChange{"wb", InterfaceState::kDown}));
  EXPECT_THAT(watch->check(), IsEmpty());
  EXPECT_FALSE(watch->all_lost());
  EXPECT_THAT(find_live_interface("wb").error().message,
              "interface wb is down; set it up with 'ip link set dev wb up'");

  ASSERT_TRUE(run_line("ip link set wb name renamed && ip link set renamed up"));
  EXPECT_THAT(watch->check(), ElementsAre(InterfaceChange{"wb", InterfaceState::kUp}));

  ASSERT_TRUE(run_line("ip link del wa"));  // and its peer with it
  EXPECT_THAT(watch->check(),
              ElementsAre(InterfaceChange{"wa", InterfaceState::kAway}, InterfaceChange{"wb", InterfaceState::kAway}));
  EXPECT_TRUE(watch->all_lost());
  // A namesake is another interface.
  ASSERT_TRUE(run_line("ip link add wa type veth peer name wb && ip link set wa up && ip link set wb up"));
  EXPECT_THAT(watch->check(), IsEmpty());
  EXPECT_TRUE(watch->all_lost());
}

TEST(Interfaces, WatchFollowsAnInterfaceByItsIndex) {
  const InNamespace result = in_own_network_namespace(watch_two_interfaces);
  if (result == InNamespace::kMayNot) GTEST_SKIP() << "no network namespace may be made here";
  EXPECT_EQ(result, InNamespace::kPassed);
}

}  // namespace
}  // namespace flowgauge
