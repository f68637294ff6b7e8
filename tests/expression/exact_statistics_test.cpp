// Means and deviations against values that were worked out with whole numbers of any length, rounded once at the end.
#include "core/expression/exact_statistics.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <random>
#include <vector>

namespace flowgauge::expression {
namespace {

struct StatisticsCase {
  const char* name;
  fg_series series;  // count, sum, sum of squares (low, high), min, max
  double mean;
  double std;
  double std_sample;
};

TEST(ExactStatistics, NearestDouble) {
  const std::vector<StatisticsCase> cases = {
      {"empty", {}, 0, 0, 0},
      {"one value", {1U, 7, 49U, 0U, 7, 7}, 0x1.c000000000000p+2, 0x0.0p+0, 0x0.0p+0},
      {"two values", {2U, 3, 5U, 0U, 1, 2}, 0x1.8000000000000p+0, 0x1.0000000000000p-1, 0x1.6a09e667f3bcdp-1},
      {"no spread at a great value",
       {3U, 3000000000000000000, 1865296393912975360U, 162630325872825665U, 1000000000000000000, 1000000000000000000},
       0x1.bc16d674ec800p+59,
       0x0.0p+0,
       0x0.0p+0},
      {"one in a billion",
       {4U, 4000000040, 4000000080000000490U, 0U, 1000000004, 1000000016},
       0x1.dcd6505000000p+29,
       0x1.2f9422c23c47ep+2,
       0x1.5e8add236a58fp+2},
      {"a spread of 1 at 10^18",
       {2U, 2000000000000000001, 9392445620511834113U, 108420217248550443U, 1000000000000000000, 1000000000000000001},
       0x1.bc16d674ec800p+59,
       0x1.0000000000000p-1,
       0x1.6a09e667f3bcdp-1},
      {"a spread of 1 at 10^18, three values",
       {3U, 3000000000000000001, 3865296393912975361U, 162630325872825665U, 1000000000000000000, 1000000000000000001},
       0x1.bc16d674ec800p+59,
       0x1.e2b7dddfefa66p-2,
       0x1.279a74590331cp-1},
      {"both ends",
       {2U, -1, 9223372036854775809U, 2305843009213693951U, -4611686018427387904, 4611686018427387903},
       -0x1.0000000000000p-1,
       0x1.0000000000000p+62,
       0x1.6a09e667f3bcdp+62},
      {"2^40 values, half 0, half 2^22",
       {1099511627776U, 2305843009213693952, 0U, 524288U, 0, 4194304},
       0x1.0000000000000p+21,
       0x1.0000000000000p+21,
       0x1.0000000000800p+21},
      {"8 values of -2^62 and 2^62",
       {8U, 0, 0U, 9223372036854775808U, -4611686018427387904, 4611686018427387904},
       0x0.0p+0,
       0x1.0000000000000p+62,
       0x1.11acee560242ap+62},
      {"2^63 values of 0 and 1, half each",
       {9223372036854775808U, 4611686018427387904, 4611686018427387904U, 0U, 0, 1},
       0x1.0000000000000p-1,
       0x1.0000000000000p-1,
       0x1.0000000000000p-1},
      {"2^64 - 1 values, one is 1",
       {18446744073709551615U, 1, 1U, 0U, 0, 1},
       0x1.0000000000000p-64,
       0x1.0000000000000p-32,
       0x1.0000000000000p-32},
      {"2^64 - 1 values, 2^62 are 1",
       {18446744073709551615U, 4611686018427387904, 4611686018427387904U, 0U, 0, 1},
       0x1.0000000000000p-2,
       0x1.bb67ae8584caap-2,
       0x1.bb67ae8584caap-2},
      {"the greatest sum of squares",
       {15U, 0, 18446744073709551615U, 18446744073709551615U, -4611686018427387904, 4611686018427387904},
       0x0.0p+0,
       0x1.08654a2d4f6dbp+62,
       0x1.11acee560242ap+62},
      {"a long sum",
       {3U, 9223372036854775807, 11U, 1537228672809129301U, 1, 4611686018427387904},
       0x1.5555555555555p+61,
       0x1.e2b7dddfefa66p+0,
       0x1.279a74590331cp+1},
      {"a longer negative sum",
       {7U, INT64_MIN, 10540996613548315215U, 658812288346769700U, -4611686018427387904, 1},
       -0x1.2492492492492p+60,
       0x1.d457c1d49236ep-1,
       0x1.f9de3804aaddfp-1},
      {"a mean half way between doubles, to even",
       {2U, 18014398509481986, 36028797018963970U, 8796093022208U, 9007199254740993, 9007199254740993},
       0x1.0000000000000p+53,
       0x0.0p+0,
       0x0.0p+0},
      {"a mean half way between doubles, up",
       {2U, 18014398509481990, 108086391056891922U, 8796093022208U, 9007199254740995, 9007199254740995},
       0x1.0000000000002p+53,
       0x0.0p+0,
       0x0.0p+0},
      {"a mean just above half way",
       {3U, 27021597764222980, 72057594037927943U, 13194139533312U, 9007199254740993, 9007199254740994},
       0x1.0000000000001p+53,
       0x1.7d9f4cf754635p-1,
       0x1.d363d1848dcbfp-1},
      {"a deviation half way between doubles, to even",
       {2U, 18014398509481986, 72057594037927940U, 17592186044416U, 0, 18014398509481986},
       0x1.0000000000000p+53,
       0x1.0000000000000p+53,
       0x1.6a09e667f3bcdp+53},
      {"a deviation half way between doubles, up",
       {2U, 18014398509481990, 216172782113783844U, 17592186044416U, 0, 18014398509481990},
       0x1.0000000000002p+53,
       0x1.0000000000002p+53,
       0x1.6a09e667f3bcfp+53},
      {"a deviation of one half above a half way",
       {2U, 18014398509481987, 108086391056891913U, 17592186044416U, 0, 18014398509481987},
       0x1.0000000000001p+53,
       0x1.0000000000001p+53,
       0x1.6a09e667f3bcep+53},
      {"random 0",
       {6U, 568132, 1394906557404U, 0U, -503509, 839335},
       0x1.71e0aaaaaaaabp+16,
       0x1.cdb25a7573c34p+18,
       0x1.f9c36d50257c4p+18},
      {"random 1",
       {7U, 3283125, 2148236921507U, 0U, 202831, 988764},
       0x1.ca0676db6db6ep+18,
       0x1.1fe6a0d201574p+18,
       0x1.36f7efe13e045p+18},
      {"random 2",
       {6U, 1165497666, 2327527935263464914U, 0U, -887515803, 1086527460},
       0x1.7280716000000p+27,
       0x1.1a2d34cb1a892p+29,
       0x1.351be509c2fe7p+29},
      {"random 3",
       {6U, 378, 1037088U, 0U, -505, 868},
       0x1.f800000000000p+5,
       0x1.9af2eb3cb1aafp+8,
       0x1.c22c0609e0805p+8},
      {"random 4",
       {5U, 713365, 776925462681U, 0U, -204356, 852064},
       0x1.16a8800000000p+17,
       0x1.66d9e74ba02f4p+18,
       0x1.913533d8326d9p+18},
      {"random 5",
       {4U, 3462319758, 9386216658833648138U, 0U, -931066289, 2141640072},
       0x1.9cbd9d1c00000p+29,
       0x1.2d537e181f66dp+30,
       0x1.5bf1037a419ebp+30},
      {"random 6",
       {4U, 2451397078, 2987175142255494522U, 0U, -309601101, 1362432740},
       0x1.243ab3ac00000p+29,
       0x1.2285bde590405p+29,
       0x1.4f776651637e0p+29},
      {"random 7", {2U, 1009, 606281U, 0U, 284, 725}, 0x1.f880000000000p+8, 0x1.b900000000000p+7, 0x1.37d586f489702p+8},
  };
  for (const StatisticsCase& one : cases) {
    EXPECT_EQ(series_mean(one.series), one.mean) << one.name;
    EXPECT_EQ(series_std(one.series), one.std) << one.name;
    EXPECT_EQ(series_std_sample(one.series), one.std_sample) << one.name;
  }

  // As vectors: each alone, beside one that is small, and all of them, of which some take the exact way.
  for (std::size_t begin = 0; begin < cases.size(); ++begin) {
    for (const std::size_t size : {std::size_t{1}, std::size_t{2}, cases.size() - begin}) {
      if (begin + size > cases.size()) continue;
      std::vector<fg_series> series;
      for (std::size_t i = begin; i < begin + size; ++i) series.push_back(cases[i].series);
      std::vector<std::uint64_t> parts(4 * size);
      std::vector<double> means(size);
      std::vector<double> stds(size);
      const auto rows = static_cast<std::uint32_t>(size);
      const SeriesParts by_part{&parts[0], &parts[size], &parts[2 * size], &parts[3 * size]};
      split_series(series.data(), rows, by_part);
      series_means(by_part, rows, means.data());
      series_stds(by_part, series.data(), rows, stds.data());
      for (std::size_t i = 0; i < size; ++i) {
        EXPECT_EQ(means[i], cases[begin + i].mean) << cases[begin + i].name;
        EXPECT_EQ(stds[i], cases[begin + i].std) << cases[begin + i].name;
        EXPECT_EQ(by_part.minima[i], static_cast<std::uint64_t>(series[i].min)) << cases[begin + i].name;
        EXPECT_EQ(by_part.maxima[i], static_cast<std::uint64_t>(series[i].max)) << cases[begin + i].name;
      }
    }
  }
}

using Whole = boost::multiprecision::cpp_int;

// Whether no other double is nearer to sqrt(numerator / denominator), by whole numbers of any length.
bool is_nearest_root(double root, const Whole& numerator, const Whole& denominator) {
  int exponent = 0;
  const auto mantissa = static_cast<std::int64_t>(std::frexp(root, &exponent) * 0x1p53);
  // Compares the middle between root and a neighbour, which is a whole number of 2^(exponent - 55), with what the root
  // is of.
  const auto compare = [&](double neighbour) {
    const Whole middle = 4 * Whole(mantissa) + static_cast<std::int64_t>(std::ldexp(neighbour - root, 54 - exponent));
    const int shift = 2 * (55 - exponent);
    const Whole left = (middle * middle * denominator) << std::max(0, -shift);
    const Whole right = numerator << std::max(0, shift);
    return left.compare(right);
  };
  return compare(std::nextafter(root, 0)) <= 0 && compare(std::nextafter(root, HUGE_VAL)) >= 0;
}

fg_series series_of(std::uint64_t count, const Whole& squares, std::int64_t sum) {
  const Whole low = squares & UINT64_MAX;
  const Whole high = squares >> 64;
  return {count, sum, low.convert_to<std::uint64_t>(), high.convert_to<std::uint64_t>(), 0, 1};
}

TEST(ExactStatistics, EachRootIsTheNearest) {
  std::mt19937_64 random(5);  // NOLINT(bugprone-random-generator-seed,cert-msc51-cpp): the same each time
  const auto of_bits = [&](unsigned most) {
    const auto bits = 1 + random() % most;
    return std::uint64_t{1} << (bits - 1) | random() >> (64 - bits);
  };
  std::vector<fg_series> all;
  // Of any size, and such that count * squares - sum * sum is nearly a power of four.
  for (int i = 0; i < 40000; ++i) {
    const std::uint64_t count = 2 + of_bits(i % 8 == 0 ? 60 : 20);
    const auto sum = static_cast<std::int64_t>(of_bits(62));
    const Whole spread = of_bits(64) * (Whole(1) << (i % 16 == 0 ? of_bits(6) : 0));
    all.push_back(series_of(count, Whole(sum) * sum / count + 1 + spread, sum));
  }
  for (int i = 0; i < 80000; ++i) {
    const auto exponent = 2 * static_cast<unsigned>(random() % 52);
    const std::uint64_t count = of_bits(12);
    const Whole power = Whole(count) << exponent;
    const Whole off = of_bits(std::max(2U, exponent > 50 ? exponent - 50 : 0) + 8);
    all.push_back(series_of(count, power > off && i % 4 != 0 ? Whole(power - off) : Whole(power + off), 0));
  }
  const auto rows = static_cast<std::uint32_t>(all.size());
  std::vector<std::uint64_t> parts(4 * all.size());
  const SeriesParts by_part{&parts[0], &parts[all.size()], &parts[2 * all.size()], &parts[3 * all.size()]};
  std::vector<double> roots(all.size());
  split_series(all.data(), rows, by_part);
  series_stds(by_part, all.data(), rows, roots.data());
  for (std::size_t i = 0; i < all.size(); ++i) {
    const fg_series& one = all[i];
    const Whole squares = (Whole(one.sum_squares_high) << 64) + one.sum_squares_low;
    const Whole numerator = one.count * squares - Whole(one.sum) * one.sum;
    const auto text = [&] { return testing::Message() << one.count << ' ' << one.sum << ' ' << squares; };
    ASSERT_TRUE(is_nearest_root(roots[i], numerator, Whole(one.count) * one.count)) << text();
    ASSERT_EQ(series_std(one), roots[i]) << text();
    if (one.count == 1) continue;
    ASSERT_TRUE(is_nearest_root(series_std_sample(one), numerator, Whole(one.count) * (one.count - 1))) << text();
  }
}

// A feature that counts wrong must not bring NaN into a table.
TEST(ExactStatistics, ImpossibleSeriesHaveNoSpread) {
  const fg_series impossible{2, 10, 1, 0, 5, 5};
  EXPECT_EQ(series_std(impossible), 0);
  EXPECT_EQ(series_std_sample(impossible), 0);
  const fg_series one_value_and_two{1, 5, 125, 0, 0, 5};
  EXPECT_EQ(series_std_sample(one_value_and_two), 0);
  const fg_series without_values{0, 10, 100, 0, 5, 5};
  EXPECT_EQ(series_mean(without_values), 0);
  EXPECT_EQ(series_std(without_values), 0);
}

TEST(ExactStatistics, Quotient) {
  EXPECT_EQ(nearest_quotient(1, 3), 1.0 / 3.0);
  EXPECT_EQ(nearest_quotient(5, 0), 0);
  EXPECT_EQ(nearest_quotient(UINT64_MAX, 1), 0x1p64);
  EXPECT_EQ(nearest_quotient(UINT64_MAX, UINT64_MAX), 1);
  EXPECT_EQ(nearest_quotient(1, UINT64_MAX), 0x1p-64);
  // 2^53 + 1 lies half way between two doubles; a quarter more or less decides.
  EXPECT_EQ(nearest_quotient((std::uint64_t{1} << 53) + 1, 1), 0x1p53);
  EXPECT_EQ(nearest_quotient(4 * ((std::uint64_t{1} << 53) + 1) + 1, 4), 0x1.0000000000001p53);
  EXPECT_EQ(nearest_quotient(4 * ((std::uint64_t{1} << 53) + 1) - 1, 4), 0x1p53);
  EXPECT_EQ(nearest_quotient((std::uint64_t{1} << 53) + 3, 1), 0x1.0000000000002p53);
}

}  // namespace
}  // namespace flowgauge::expression
