#include <gtest/gtest.h>

#include <flowgauge/sdk.hpp>
#include <limits>

namespace {

// count, sum, squares (high, low), min, max
::testing::AssertionResult is(const fg_series& cell, std::uint64_t count, std::int64_t sum, std::uint64_t high,
                              std::uint64_t low, std::int64_t min, std::int64_t max) {
  if (cell.count == count && cell.sum == sum && cell.sum_squares_high == high && cell.sum_squares_low == low &&
      cell.min == min && cell.max == max) {
    return ::testing::AssertionSuccess();
  }
  return ::testing::AssertionFailure() << "count " << cell.count << ", sum " << cell.sum << ", squares "
                                       << cell.sum_squares_high << " * 2^64 + " << cell.sum_squares_low << ", "
                                       << cell.min << ".." << cell.max;
}

TEST(Series, ZeroBytesAreTheEmptySeries) {
  EXPECT_TRUE(is(fg::Series64{}.cell(0), 0, 0, 0, 0, 0, 0));
  EXPECT_TRUE(is(fg::SignedSeries32{}.cell(0), 0, 0, 0, 0, 0, 0));
}

TEST(Series, SignedValues) {
  fg::CountedSeries<std::int32_t> series{};
  for (const std::int32_t value : {-3, 5, -7}) series.add(value);
  EXPECT_TRUE(is(series.cell(), 3, -5, 0, 9 + 25 + 49, -7, 5));
}

TEST(Series, AllNegativeOrAllPositive) {
  fg::CountedSeries<std::int64_t> negative{};
  negative.add(-2);
  negative.add(-1);
  EXPECT_TRUE(is(negative.cell(), 2, -3, 0, 5, -2, -1));
  fg::CountedSeries<std::int64_t> positive{};
  positive.add(1);
  positive.add(2);
  EXPECT_TRUE(is(positive.cell(), 2, 3, 0, 5, 1, 2));
}

// (-2^63)^2 = 2^126
TEST(Series, TheExtremesOf64Bits) {
  fg::CountedSeries<std::int64_t> series{};
  series.add(std::numeric_limits<std::int64_t>::min());
  EXPECT_TRUE(is(series.cell(), 1, std::numeric_limits<std::int64_t>::min(), std::uint64_t{1} << 62, 0,
                 std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::min()));
}

// (2^32 - 1)^2 = 2^64 - 2^33 + 1; twice that is 2^65 - 2^34 + 2 = 1 * 2^64 + (2^64 - 2^34 + 2)
TEST(Series, MergingCarries) {
  fg::Series32 a{};
  fg::Series32 b{};
  a.add(0xffff'ffff);
  b.add(0xffff'ffff);
  const std::uint64_t low = 0 - (std::uint64_t{1} << 34) + 2;
  EXPECT_TRUE(is(a.merged_with(b).cell(2), 2, 2 * 0xffff'ffffLL, 1, low, 0xffff'ffff, 0xffff'ffff));
}

TEST(Series, MergingWithTheEmptySeriesChangesNothing) {
  fg::SignedSeries64 series{};
  series.add(-4);
  series.add(10);
  EXPECT_TRUE(is(series.merged_with({}).cell(2), 2, 6, 0, 116, -4, 10));
  EXPECT_TRUE(is(fg::SignedSeries64{}.merged_with(series).cell(2), 2, 6, 0, 116, -4, 10));
}

TEST(Series, MergedIsWhatOneSeriesWouldBe) {
  fg::CountedSeries<std::uint64_t> one{};
  fg::CountedSeries<std::uint64_t> left{};
  fg::CountedSeries<std::uint64_t> right{};
  std::uint64_t value = 1;
  for (int i = 0; i < 200; ++i) {
    value = value * 6364136223846793005U + 1442695040888963407U;
    const std::uint64_t gap = value >> 2;  // below 2^62, as gaps are
    one.add(gap);
    (i % 3 == 0 ? left : right).add(gap);
  }
  const fg_series expected = one.cell();
  EXPECT_TRUE(is(left.merged_with(right).cell(), expected.count, expected.sum, expected.sum_squares_high,
                 expected.sum_squares_low, expected.min, expected.max));
}

}  // namespace
