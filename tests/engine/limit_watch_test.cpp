// Limits of a live run are seen beside the run's own thread.
#include "core/engine/limit_watch.h"

#include <gtest/gtest.h>
#include <poll.h>

#include <atomic>

namespace flowgauge::test {
namespace {

using Clock = std::chrono::steady_clock;

// Without end: the test's own limit tells where nothing comes.
void wait_for(const StopRequest& stop) {
  pollfd asked{stop.descriptor(), POLLIN, 0};
  ASSERT_EQ(::poll(&asked, 1, -1), 1);
}

TEST(LimitWatch, SeesTheDuration) {
  StopRequest ending;
  const auto start = Clock::now();
  const LimitWatch watch(
      {.duration = std::chrono::milliseconds(2)}, start, [] { return 1'000'000U; }, ending);
  wait_for(ending);
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(2));
  EXPECT_EQ(watch.reached(Clock::now()), LiveEnd::kDuration);
  EXPECT_EQ(watch.reached(start), std::nullopt);
}

TEST(LimitWatch, SeesThePackets) {
  StopRequest ending;
  std::atomic<std::uint64_t> packets{2};
  const LimitWatch watch(
      {.max_packets = 3}, Clock::now(), [&] { return packets.load(); }, ending);
  EXPECT_EQ(watch.reached(Clock::time_point::max()), std::nullopt);
  EXPECT_FALSE(ending.requested());
  packets = 3;
  wait_for(ending);
  EXPECT_EQ(watch.reached(Clock::now()), LiveEnd::kMaxPackets);
}

TEST(LimitWatch, EndsWithItsRun) {
  StopRequest ending;
  const auto packets = [] { return std::uint64_t{2}; };
  { const LimitWatch none({}, Clock::now(), packets, ending); }
  { const LimitWatch far({std::chrono::hours(200'000), 3}, Clock::now(), packets, ending); }
  EXPECT_FALSE(ending.requested());
}

}  // namespace
}  // namespace flowgauge::test
