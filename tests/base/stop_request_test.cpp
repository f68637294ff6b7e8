// A request that follows another one.
#include "core/base/stop_request.h"

#include <gtest/gtest.h>
#include <poll.h>

namespace flowgauge {
namespace {

bool is_readable(const StopRequest& stop) {
  pollfd asked{stop.descriptor(), POLLIN, 0};
  return ::poll(&asked, 1, 0) == 1;
}

TEST(StopRequest, OfOneThatIsFollowedReachesTheFollower) {
  StopRequest followed;
  const StopRequest follower(&followed);
  EXPECT_FALSE(follower.requested() || is_readable(follower));
  followed.request();
  EXPECT_TRUE(follower.requested() && is_readable(follower));
  EXPECT_FALSE(follower.abandoned());
  followed.abandon();
  EXPECT_TRUE(follower.abandoned());
}

TEST(StopRequest, OfAFollowerStaysItsOwn) {
  const StopRequest followed;
  StopRequest follower(&followed);
  EXPECT_TRUE(follower.request());
  EXPECT_TRUE(follower.requested() && is_readable(follower));
  EXPECT_FALSE(followed.requested() || is_readable(followed));
}

TEST(StopRequest, FollowsNobodyWhereThereIsNone) {
  StopRequest alone(nullptr);
  EXPECT_FALSE(alone.requested() || is_readable(alone));
  alone.request();
  EXPECT_TRUE(alone.requested() && is_readable(alone));
}

}  // namespace
}  // namespace flowgauge
