#include <gtest/gtest.h>

#include <flowgauge/sdk.hpp>

namespace {

constexpr std::uint64_t kBrink =
    0xffff'ffff;  // 2^32 packets are too many for a test: counters are brought here by hand

TEST(Counters40, GoOnAbove32Bits) {
  fg::Counters40<2> counters{};
  counters.low[1] = kBrink;
  counters.add(1, false);
  EXPECT_EQ(counters.count(1), kBrink);
  counters.add(1, true);
  EXPECT_EQ(counters.count(1), kBrink + 1);
  counters.add(1, true);
  EXPECT_EQ(counters.count(1), kBrink + 2);
  EXPECT_EQ(counters.count(0), 0U);
}

TEST(Counters40, AddBitsCountsEachSetBitAndCarries) {
  fg::Counters40<8> counters{};
  counters.low[4] = kBrink;
  counters.add_bits(1U << 1, kBrink);  // another counter: no carry
  EXPECT_EQ(counters.count(4), kBrink);
  counters.add_bits(1U << 4, kBrink + 1);
  EXPECT_EQ(counters.count(4), kBrink + 1);
  counters.add_bits(1U << 4 | 1U << 7, kBrink + 2);
  EXPECT_EQ(counters.count(4), kBrink + 2);
  EXPECT_EQ(counters.count(1), 1U);
  EXPECT_EQ(counters.count(7), 1U);
}

TEST(Counters40, ALateBeginningIsNoCarry) {
  fg::Counters40<8> counters{};
  counters.add_bits(1U << 4, kBrink);  // the first of a direction that has had 2^32 - 1 packets
  EXPECT_EQ(counters.count(4), 1U);
}

}  // namespace
