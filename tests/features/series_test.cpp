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

// Narrow values: squares are taken before anything is cut. 255^2 = 65,025; 128^2 = 16,384; 65,535^2 = 4,294,836,225.
TEST(Series, Values8And16BitsWide) {
  fg::Series<std::uint8_t> bytes{};
  for (const int value : {255, 0, 255}) bytes.add(static_cast<std::uint8_t>(value));
  EXPECT_TRUE(is(bytes.cell(3), 3, 510, 0, 130'050, 0, 255));
  fg::Series<std::int8_t> signed_bytes{};
  for (const int value : {-128, 127, -1}) signed_bytes.add(static_cast<std::int8_t>(value));
  EXPECT_TRUE(is(signed_bytes.cell(3), 3, -2, 0, 16'384 + 16'129 + 1, -128, 127));
  fg::Series<std::uint16_t> words{};
  for (const int value : {65'535, 1, 65'535}) words.add(static_cast<std::uint16_t>(value));
  EXPECT_TRUE(is(words.cell(3), 3, 131'071, 0, 8'589'672'451, 1, 65'535));
  fg::Series<std::int16_t> signed_words{};
  for (const int value : {-32'768, -32'768}) signed_words.add(static_cast<std::int16_t>(value));
  EXPECT_TRUE(is(signed_words.cell(2), 2, -65'536, 0, std::uint64_t{1} << 31, -32'768, -32'768));  // 2 * 2^30
}

// Extremes of one value alone: what zero bytes hold for "empty" is never taken for one.
TEST(Series, OneNarrowValue) {
  for (const int value : {-128, -127, -1, 0, 1, 126, 127}) {
    fg::SignedSeries32 wide{};
    fg::Series<std::int8_t> narrow{};
    wide.add(value);
    narrow.add(static_cast<std::int8_t>(value));
    const auto square = static_cast<std::uint64_t>(value) * static_cast<std::uint64_t>(value);
    EXPECT_TRUE(is(wide.cell(1), 1, value, 0, square, value, value));
    EXPECT_TRUE(is(narrow.cell(1), 1, value, 0, square, value, value));
  }
  for (const int value : {0, 1, 254, 255}) {
    fg::Series<std::uint8_t> narrow{};
    narrow.add(static_cast<std::uint8_t>(value));
    EXPECT_TRUE(is(narrow.cell(1), 1, value, 0, static_cast<std::uint64_t>(value * value), value, value));
  }
}

// The squares of 2^48 - 1 windows of 65,535, brought there by hand, and one more: 2^48 * 4,294,836,225 =
// (2^32 - 2^17 + 1) * 2^48 = 2^80 - 2^65 + 2^48. That is 65,534 * 2^64 + 2^48: the 16 bits for carries suffice.
TEST(Series, CarriesOfNarrowValues) {
  fg::Series<std::uint16_t> words{};
  words.add(65'535);
  const unsigned __int128 before = static_cast<unsigned __int128>(4'294'836'225U) * ((std::uint64_t{1} << 48) - 1);
  words.spread.squares_low = static_cast<std::uint64_t>(before);
  words.spread.squares_high = static_cast<std::uint16_t>(before >> 64);
  words.sum = 65'535 * ((std::uint64_t{1} << 48) - 1);
  words.add(65'535);
  EXPECT_TRUE(is(words.cell(std::uint64_t{1} << 48), std::uint64_t{1} << 48, 65'535LL << 48, 65'534,
                 std::uint64_t{1} << 48, 65'535, 65'535));
}

TEST(Spread, TakesItsSumFromElsewhere) {
  fg::Spread32 spread{};
  EXPECT_TRUE(is(spread.cell(0, 99), 0, 0, 0, 0, 0, 0)) << "nothing is nothing, whatever the sum";
  spread.add(3);
  spread.add(4);
  EXPECT_TRUE(is(spread.cell(2, 7), 2, 7, 0, 25, 3, 4));
  fg::Spread32 other{};
  other.add(1);
  EXPECT_TRUE(is(spread.merged_with(other).cell(3, 8), 3, 8, 0, 26, 1, 4));
  EXPECT_TRUE(is(fg::Spread32{}.merged_with({}).cell(0, 0), 0, 0, 0, 0, 0, 0));
}

// A gap of 2^63 - 1 ns: its square is 2^126 - 2^64 + 1 = (2^62 - 1) * 2^64 + 1; three of them, as merged.
TEST(Spread, TheGreatestTime) {
  fg::Spread64 left{};
  fg::Spread64 right{};
  constexpr auto greatest = static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max());
  left.add(greatest);
  right.add(greatest);
  right.add(greatest);
  EXPECT_TRUE(is(left.merged_with(right).cell(3, 5), 3, 5, 3 * ((std::uint64_t{1} << 62) - 1), 3,
                 std::numeric_limits<std::int64_t>::max(), std::numeric_limits<std::int64_t>::max()));
}

}  // namespace
