// Sixteen numbers at a time are the bytes that one at a time are.
#include "core/output/number_tile.h"

#include <gtest/gtest.h>

#include <array>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "core/base/sanitizers.h"
#include "core/text/number_text.h"

namespace flowgauge {
namespace {

using Texts = std::vector<std::string>;

template <class Number, class Write>
Texts side_by_side(const std::array<Number, kTileNumbers>& values, Write write) {
  // Two columns: what is stored beyond a text must not stay in the next.
  RowTexts rows;
  rows.begin();
  write(rows.column('\0', kRealCellBytes), values.data());
  write(rows.column(';', kRealCellBytes), values.data());
  Texts texts;
  for (std::uint32_t row = 0; row < kTileNumbers; ++row) texts.emplace_back(rows.row(row));
  return texts;
}

template <class Number, class Write>
Texts one_by_one(const std::array<Number, kTileNumbers>& values, Write write) {
  Texts texts;
  for (const Number value : values) {
    std::array<char, kRealTextBytes> room;
    const std::string text(room.data(), write(room.data(), value));
    texts.push_back(text + ";" + text);
  }
  return texts;
}

using Reals = std::array<double, kTileNumbers>;
using Naturals = std::array<std::uint64_t, kTileNumbers>;

void expect_same(const Reals& values) {
  EXPECT_EQ(side_by_side(values, write_reals), one_by_one(values, write_real)) << testing::PrintToString(values);
}

void expect_same(const Naturals& values) {
  EXPECT_EQ(side_by_side(values, write_naturals), one_by_one(values, write_u64)) << testing::PrintToString(values);
}

TEST(NumberTile, WhatStandsAtTheEdges) {
  expect_same(Naturals{});
  expect_same(Reals{});
  expect_same(
      Naturals{0, 1, 9, 10, 99, 100, 999, 1000, 9999, 10000, 65535, 99999, 100000, 9999999, 10000000, (1U << 26) - 1});
  expect_same(
      Naturals{1U << 26, 99999999, 100000000, UINT32_MAX, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, UINT64_MAX - 1, UINT64_MAX});
  expect_same(Reals{-0.0, 0.001, 0.999, 0.9999, 0.0005, 1.5, 12.25, 99999999, 99999999.999, 99999999.9999, 100000000,
                    1e8 + 0.5, -1, -0.001, 0.1 + 0.2, 2.0 / 3});
  expect_same(Reals{1e15, 1e22, 1e300, std::numeric_limits<double>::max(), std::numeric_limits<double>::denorm_min(),
                    1e-7, 0, 0, 0x1p31, 0x1p31 - 1, 0x1p42, 0x1p63, -0x1p63, 1e9, 4.35, 33.333333333333336});
}

// No sanitizer changes a number.
constexpr int kMostRounds = kIsSanitized ? 2000 : 20000;

TEST(NumberTile, ManyMixtures) {
  std::mt19937_64 random(20);  // NOLINT(bugprone-random-generator-seed,cert-msc51-cpp): the same each time
  for (int round = 0; round < kMostRounds; ++round) {
    Naturals naturals{};
    Reals reals{};
    for (std::size_t i = 0; i < kTileNumbers; ++i) {
      naturals[i] = random() >> (random() % 64);
      const auto small = static_cast<double>(random() >> (24 + random() % 40));
      const double divisors[] = {1, 10, 1000, 1000000, 7, 1e-3};
      reals[i] = small / divisors[random() % 6];
    }
    if (round % 2 == 0)
      for (std::uint64_t& value : naturals) value %= 100000;
    expect_same(naturals);
    expect_same(reals);
    // The same with any number of zeros.
    for (std::size_t i = random() % (kTileNumbers + 1); i-- > 0;) reals[random() % kTileNumbers] = 0;
    expect_same(reals);
  }
}

// The first number of a tile says how the others are written: that must not show.
TEST(NumberTile, TimesAndLongDurations) {
  expect_same(Reals{1e8, 1e8 - 0.001, 99999999.5, 1e8 + 0.001, 1e8 + 0.0001, 1700000000091.646, 0x1p42 - 0.001, 0x1p42,
                    0x1p42 + 1, 1e16, 0.0, -0.0, -1.5, -1e9, 0.3, 2.0 / 3});
  std::mt19937_64 random(27);  // NOLINT(bugprone-random-generator-seed,cert-msc51-cpp): the same each time
  const auto some = [&] { return static_cast<double>(random() >> (20 + random() % 40)); };
  for (int round = 0; round < kMostRounds / 4; ++round) {
    Reals reals{};
    for (double& value : reals) {
      const double kinds[] = {some() / 1000, some(), some() / 7, -some() / 1000, 0};
      value = kinds[random() % 5];
    }
    reals[0] = 1e8 + some() / 1000;
    expect_same(reals);
  }
}

}  // namespace
}  // namespace flowgauge
