// What is done again and again.
#include "core/engine/recurring.h"

#include <gtest/gtest.h>

#include <vector>

namespace flowgauge {
namespace {

using std::chrono::seconds;

constexpr Recurring::Clock::time_point at(int second) { return Recurring::Clock::time_point(seconds(second)); }

// The looks at which it was due.
std::vector<int> due(Recurring recurring, const std::vector<int>& looks) {
  std::vector<int> found;
  for (const int look : looks)
    if (recurring.is_due(at(look))) found.push_back(look);
  return found;
}

TEST(Recurring, IsDueOnceAPeriodFromTheFirstOn) {
  EXPECT_EQ(due({seconds(10), at(5)}, {0, 4, 5, 6, 14, 15, 16, 25}), (std::vector{5, 15, 25}));
}

TEST(Recurring, ALateLookDelaysNoOther) {
  EXPECT_EQ(due({seconds(10), at(10)}, {12, 19, 20, 21, 30}), (std::vector{12, 20, 30}));
}

TEST(Recurring, WhatWasMissedIsNotMadeUpFor) {
  EXPECT_EQ(due({seconds(10), at(10)}, {55, 55, 56, 64, 65}), (std::vector{55, 65}));
}

TEST(Recurring, EveryNothingIsNever) { EXPECT_EQ(due({seconds(0), at(0)}, {0, 1, 100}), std::vector<int>()); }

}  // namespace
}  // namespace flowgauge
