// Values go on, errors end the function; nothing is evaluated twice, what can only be moved is moved.
#include "core/base/try.h"

#include <gtest/gtest.h>

#include <memory>
#include <span>
#include <string>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {
namespace {

Result<int> half(int number, int& calls) {
  ++calls;
  if (number % 2 != 0) return fail(ExitCode::kInput, "{} is odd", number);
  return number / 2;
}

Result<void> even(int number) {
  int calls = 0;
  if (auto halved = half(number, calls); !halved) return std::unexpected(halved.error());
  return {};
}

Result<std::string> quarter_text(int number, int& calls) {
  TRY(even(number));
  return std::to_string(TRY(half(TRY(half(number, calls)), calls)));
}

TEST(Try, AValueGoesOnAnErrorEnds) {
  int calls = 0;
  EXPECT_EQ(quarter_text(12, calls).value(), "3");
  EXPECT_EQ(calls, 2);
  calls = 0;
  EXPECT_EQ(quarter_text(7, calls).error().message, "7 is odd");
  EXPECT_EQ(calls, 0);
  const auto odd_half = quarter_text(14, calls);
  EXPECT_EQ(odd_half.error().message, "7 is odd");
  EXPECT_EQ(odd_half.error().code, ExitCode::kInput);
  EXPECT_EQ(calls, 2);
}

TEST(Try, WhatCanOnlyBeMovedIsMoved) {
  const auto made = []() -> Result<std::unique_ptr<int>> { return std::make_unique<int>(5); };
  const auto taken = [&]() -> Result<int> {
    const std::unique_ptr<int> number = TRY(made());
    return *number;
  };
  EXPECT_EQ(taken().value(), 5);
}

TEST(Try, AVariableKeepsItsValue) {
  const auto doubled = [](const Result<std::vector<int>>& numbers) -> Result<std::size_t> {
    const std::vector<int> copy = TRY(numbers);
    return copy.size() + numbers->size();
  };
  EXPECT_EQ(doubled(std::vector<int>{1, 2}).value(), 4U);
  EXPECT_EQ(doubled(fail(ExitCode::kUsage, "none")).error().message, "none");
}

TEST(Try, ALoopEndsAtTheFirstError) {
  const auto sum = [](std::span<const int> numbers) -> Result<int> {
    int total = 0;
    int calls = 0;
    for (const int number : numbers) total += TRY(half(number, calls));
    return total;
  };
  EXPECT_EQ(sum(std::vector<int>{2, 4, 6}).value(), 6);
  EXPECT_EQ(sum(std::vector<int>{2, 5, 7}).error().message, "5 is odd");
}

}  // namespace
}  // namespace flowgauge
