#include "core/host/interfaces.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <net/if.h>
#include <net/if_arp.h>

#include <string>

namespace flowgauge {
namespace {

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

}  // namespace
}  // namespace flowgauge
