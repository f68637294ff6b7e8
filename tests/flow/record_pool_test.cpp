#include "core/flow/record_pool.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

namespace flowgauge {
namespace {

constexpr std::uint32_t kLargeBytes = 4 << 20;  // four of them are a slab

bool is_zero(const unsigned char* record, std::size_t bytes) {
  return std::all_of(record, record + bytes, [](unsigned char byte) { return byte == 0; });
}

TEST(RecordPool, RecordsAreAlignedZeroAndApart) {
  RecordPool pool(100);  // becomes 128
  std::set<unsigned char*> places;
  for (std::uint32_t i = 0; i < 1000; ++i) {
    const auto [record, index] = pool.allocate();
    EXPECT_EQ(index, i);
    EXPECT_EQ(record, pool.at(index));
    EXPECT_EQ(reinterpret_cast<std::uintptr_t>(record) % 64, 0U);
    EXPECT_TRUE(is_zero(record, 128));
    std::memset(record, 0xff, 128);
    places.insert(record);
  }
  ASSERT_EQ(places.size(), 1000U);
  const unsigned char* previous = nullptr;
  for (const unsigned char* place : places) {
    if (previous != nullptr) {
      EXPECT_GE(place - previous, 128);
    }
    previous = place;
  }
}

TEST(RecordPool, FreedOnesComeAgainZeroed) {
  RecordPool pool(64);
  const auto first = pool.allocate();
  const auto second = pool.allocate();
  std::memset(first.record, 0xff, 64);
  std::memset(second.record, 0xff, 64);
  pool.free(first.index);
  const auto again = pool.allocate();
  EXPECT_EQ(again.index, first.index);
  EXPECT_EQ(again.record, first.record);
  EXPECT_TRUE(is_zero(again.record, 64));
  EXPECT_FALSE(is_zero(second.record, 64)) << "the neighbour is untouched";
  EXPECT_EQ(pool.allocate().index, 2U);
}

TEST(RecordPool, RecordsStayWhereTheyAreWhenSlabsAreAdded) {
  RecordPool pool(kLargeBytes);
  std::vector<unsigned char*> places;
  for (std::uint32_t i = 0; i < 9; ++i) {
    places.push_back(pool.allocate().record);
    std::memset(places.back(), static_cast<int>(i + 1), 64);
    std::memset(places.back() + kLargeBytes - 64, static_cast<int>(i + 1), 64);
  }
  for (std::uint32_t i = 0; i < 9; ++i) {
    EXPECT_EQ(pool.at(i), places[i]);
    EXPECT_EQ(*places[i], i + 1);
    EXPECT_EQ(places[i][kLargeBytes - 1], i + 1);
  }
}

TEST(RecordPool, ARecordMayBeLargerThanASlab) {
  RecordPool pool(20 << 20);
  const auto first = pool.allocate();
  const auto second = pool.allocate();
  first.record[(20 << 20) - 1] = 1;
  EXPECT_EQ(*second.record, 0);
}

}  // namespace
}  // namespace flowgauge
