// Numbers by size, moments, values: against what is counted by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "core/summary/cell_value.h"
#include "core/summary/log_histogram.h"
#include "core/summary/time_histogram.h"
#include "core/summary/value_counts.h"

namespace flowgauge::test {
namespace {

using ::testing::ElementsAre;
using Bin = Histogram::Bin;
using Numbers = LogHistogram::Numbers;

TEST(LogHistogram, SmallWholeNumbersAreExact) {
  LogHistogram numbers;
  for (int i = 1; i <= 100; ++i) numbers.add(i);
  EXPECT_EQ(numbers.quantile(0.5, Numbers::kWhole), 50);
  EXPECT_EQ(numbers.quantile(0.05, Numbers::kWhole), 5);
  EXPECT_EQ(numbers.quantile(1, Numbers::kWhole), 100);
  EXPECT_EQ(numbers.quantile(0, Numbers::kWhole), 1);
}

TEST(LogHistogram, OthersAreWithinOnePercent) {
  for (const double value : {1e-9, 0.001234, 0.7, 129.5, 65535.0, 1.7e18, 3e37}) {
    LogHistogram numbers;
    numbers.add(value);
    numbers.add(-value);
    EXPECT_LE(std::abs(numbers.quantile(1, Numbers::kReal) / value - 1), 0.008) << value;
    EXPECT_LE(std::abs(numbers.quantile(0.5, Numbers::kReal) / -value - 1), 0.008) << value;
  }
}

TEST(LogHistogram, FewWholeNumbersHaveABinEach) {
  LogHistogram numbers;
  for (const double value : {-1.0, 0.0, 0.0, 2.0}) numbers.add(value);
  const Histogram histogram = numbers.histogram(-1, 2, Numbers::kWhole);
  EXPECT_EQ(histogram.scale, Histogram::Scale::kWhole);
  EXPECT_THAT(histogram.bins, ElementsAre(Bin{-1, 0, 1}, Bin{0, 1, 2}, Bin{1, 2, 0}, Bin{2, 3, 1}));
}

TEST(LogHistogram, NoRowIsLostBetweenBins) {
  LogHistogram numbers;
  std::uint64_t count = 0;
  for (double value = 1e-3; value < 1e9; value *= 1.07, ++count) numbers.add(value);
  for (double value = 1; value < 1e6; value *= 3, ++count) numbers.add(-value);
  numbers.add(0, 5);
  const Histogram histogram = numbers.histogram(-1e6, 1e9, Numbers::kReal);
  EXPECT_LE(histogram.bins.size(), Histogram::kMostBins);
  std::uint64_t seen = 0;
  for (std::size_t i = 0; i < histogram.bins.size(); ++i) {
    seen += histogram.bins[i].rows;
    if (i > 0) {
      EXPECT_LE(histogram.bins[i - 1].to, histogram.bins[i].from);
    }
  }
  EXPECT_EQ(seen, count + 5);
}

TEST(TimeHistogram, SpansDoubleWhereMomentsReachFarther) {
  TimeHistogram times;
  std::uint64_t count = 0;
  for (std::int64_t time = 0; time < 1'000'000; time += 1'000, ++count) times.add(1'700'000'000'000'000'000 + time);
  times.add(1'700'000'000'000'000'000 - 5);
  EXPECT_EQ(times.first_ns(), 1'699'999'999'999'999'995);
  EXPECT_EQ(times.last_ns(), 1'700'000'000'000'999'000);
  const Histogram histogram = times.histogram();
  EXPECT_LE(histogram.bins.size(), Histogram::kMostTimeBins);
  std::uint64_t seen = 0;
  for (const Bin& bin : histogram.bins) seen += bin.rows;
  EXPECT_EQ(seen, count + 1);
  EXPECT_NEAR(static_cast<double>(times.quantile(0.5) - 1'700'000'000'000'000'000), 500'000, 4'096);
}

TEST(TimeHistogram, FindsTheLongestGap) {
  TimeHistogram times;
  EXPECT_EQ(times.longest_gap(), std::nullopt);
  for (std::int64_t time = 0; time < 100; ++time) times.add(time < 40 ? time : time + 400);
  ASSERT_TRUE(times.longest_gap());
  EXPECT_EQ(times.longest_gap()->begin_ns, 40);
  EXPECT_EQ(times.longest_gap()->end_ns, 440);
}

TEST(TimeHistogram, TakesAllOf64Bits) {
  TimeHistogram times;
  for (const std::int64_t time : {INT64_MIN, std::int64_t{0}, INT64_MAX}) times.add(time);
  std::uint64_t seen = 0;
  for (const Bin& bin : times.histogram().bins) seen += bin.rows;
  EXPECT_EQ(seen, 3);
}

TEST(ValueCounts, TheCommonestFirst) {
  ValueCounts values;
  for (const std::string_view value : {"b", "a", "a", "c", "b", "a"}) values.add(value, hash_of_text(value));
  EXPECT_THAT(values.greatest(2), ElementsAre(ValueShare{"a", 3}, ValueShare{"b", 2}));
  EXPECT_EQ(values.distinct(), 3);
  EXPECT_TRUE(values.is_exact());
}

TEST(ValueCounts, BeyondItsBoundItSaysSoAndEstimates) {
  ValueCounts values;
  for (int i = 0; i < 50'000; ++i) {
    const std::string value = std::to_string(i);
    values.add(value, hash_of_text(value));
  }
  EXPECT_FALSE(values.is_exact());
  EXPECT_EQ(values.others(), 50'000 - ValueCounts::kMost);
  EXPECT_NEAR(static_cast<double>(values.distinct()), 50'000, 2'500);
}

}  // namespace
}  // namespace flowgauge::test
