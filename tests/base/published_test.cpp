// Numbers that one thread publishes and others read.
#include "core/base/published.h"

#include <gtest/gtest.h>

#include <thread>

namespace flowgauge {
namespace {

struct Numbers {
  std::uint64_t first = 0;
  std::int64_t second = 0;
  std::array<std::uint64_t, 20> others{};  // more than a cache line

  bool operator==(const Numbers&) const = default;
};

Numbers numbers(std::uint64_t number) {
  Numbers made{number, -static_cast<std::int64_t>(number), {}};
  for (std::size_t i = 0; i < made.others.size(); ++i) made.others[i] = number + i;
  return made;
}

TEST(Published, IsWhatWasPublishedLast) {
  Published<Numbers> published;
  EXPECT_EQ(published.read(), Numbers{});
  published.publish(numbers(7));
  EXPECT_EQ(published.read(), numbers(7));
  published.publish(numbers(~std::uint64_t{0}));
  EXPECT_EQ(published.read(), numbers(~std::uint64_t{0}));
}

TEST(PublishedList, IsWhatWasPublishedLast) {
  PublishedList published(3);
  EXPECT_EQ(published.read(), (std::vector<std::uint64_t>{0, 0, 0}));
  published.publish(std::vector<std::uint64_t>{1, ~std::uint64_t{0}, 3});
  EXPECT_EQ(published.read(), (std::vector<std::uint64_t>{1, ~std::uint64_t{0}, 3}));
  EXPECT_EQ(PublishedList(0).read(), std::vector<std::uint64_t>());
}

TEST(Published, NumbersOfAnotherThreadAreWholeAndNeverGoBack) {
  constexpr std::uint64_t kStep = 0x1'0000'0001;  // half a number would be no multiple
  constexpr std::uint64_t kLast = 100'000 * kStep;
  Published<Numbers> published;
  std::jthread writer([&] {
    for (std::uint64_t number = 0; number <= kLast; number += kStep) published.publish(numbers(number));
  });
  Numbers last;
  while (last.others.back() != kLast + 19) {
    const Numbers now = published.read();
    EXPECT_EQ(now.first % kStep, 0U);
    EXPECT_GE(now.first, last.first);
    EXPECT_LE(now.second, last.second);
    for (std::size_t i = 0; i < now.others.size(); ++i) EXPECT_GE(now.others[i], last.others[i]);
    last = now;
  }
}

}  // namespace
}  // namespace flowgauge
