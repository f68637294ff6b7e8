// Lanes that sleep are woken by what is in their ring, by the clock, and by the end: each alone.
#include "core/live/ebpf/idle_lanes.h"

#include <gtest/gtest.h>

#include <array>
#include <atomic>

namespace flowgauge {
namespace {

using namespace std::chrono_literals;

TEST(IdleLanes, EachIsWokenByItsOwnRing) {
  std::array<std::atomic<bool>, 3> has_events{};
  IdleLanes lanes(3, 1ms, [&](std::size_t lane) { return has_events[lane].load(); });
  std::atomic<int> awake{0};
  std::vector<std::jthread> threads;
  for (std::size_t lane = 0; lane < 3; ++lane)
    threads.emplace_back([&, lane] {
      EXPECT_TRUE(lanes.sleep(lane, std::nullopt));
      EXPECT_TRUE(has_events[lane].load());
      ++awake;
    });
  for (std::size_t lane = 3; lane-- > 0;) {
    EXPECT_EQ(awake.load(), 2 - static_cast<int>(lane));
    has_events[lane] = true;
    threads[lane].join();
  }
}

TEST(IdleLanes, TheyWakeUpByTheClock) {
  IdleLanes lanes(1, 1ms, [](std::size_t) { return false; });
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_TRUE(lanes.sleep(0, 5ms));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 5ms);
}

TEST(IdleLanes, NobodySleepsAfterTheEnd) {
  std::atomic<int> looks{0};
  IdleLanes lanes(2, 1ms, [&](std::size_t) {
    ++looks;
    return false;
  });
  std::jthread sleeper([&] { EXPECT_TRUE(lanes.sleep(0, std::nullopt)); });
  while (looks == 0) std::this_thread::yield();
  lanes.stop();
  sleeper.join();
  EXPECT_TRUE(lanes.sleep(1, std::nullopt));
}

}  // namespace
}  // namespace flowgauge
