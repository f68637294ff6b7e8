#include "core/plugin/arena.h"

#include <gtest/gtest.h>

#include <cstring>
#include <limits>

namespace flowgauge {
namespace {

TEST(Arena, ARowHasItsAllowanceInWholeWords) {
  Arena arena;
  arena.begin_call(2);
  EXPECT_NE(arena.allocate(0, FG_ROW_BYTES - 9), nullptr);  // counted as FG_ROW_BYTES - 8
  EXPECT_EQ(arena.allocate(0, 9), nullptr);
  EXPECT_NE(arena.allocate(0, 1), nullptr);  // the last word
  EXPECT_EQ(arena.allocate(0, 1), nullptr);
  EXPECT_NE(arena.allocate(0, 0), nullptr);
  // Another row is not touched by that, nor is the next call.
  EXPECT_NE(arena.allocate(1, FG_ROW_BYTES), nullptr);
  arena.begin_call(1);
  EXPECT_NE(arena.allocate(0, FG_ROW_BYTES), nullptr);
  EXPECT_EQ(arena.cuts(), 2u);
}

TEST(Arena, ForeignRowsAndMonstrousSizesGetNothing) {
  Arena arena;
  EXPECT_EQ(arena.allocate(0, 1), nullptr);  // no call has begun
  arena.begin_call(3);
  EXPECT_EQ(arena.allocate(3, 1), nullptr);
  EXPECT_EQ(arena.allocate(0, std::numeric_limits<std::size_t>::max()), nullptr);
  EXPECT_EQ(arena.allocate(0, FG_ROW_BYTES + 1), nullptr);
  EXPECT_EQ(arena.cuts(), 4u);
}

// What a row got last, behind a request that was too much, is what was shortened.
TEST(Arena, KnowsWhatItCutInACall) {
  Arena arena;
  arena.begin_call(2);
  EXPECT_NE(arena.allocate(1, 8), nullptr);
  EXPECT_EQ(arena.allocate(1, FG_ROW_BYTES), nullptr);
  const void* shortened = arena.allocate(1, FG_ROW_BYTES - 8);
  EXPECT_EQ(arena.allocate(1, 1), nullptr);
  ASSERT_EQ(arena.call_cuts().size(), 2U);
  EXPECT_EQ(arena.call_cuts()[0].row, 1U);
  EXPECT_EQ(arena.call_cuts()[0].shortened, shortened);
  EXPECT_EQ(arena.call_cuts()[1].shortened, nullptr);
  arena.begin_call(2);
  EXPECT_TRUE(arena.call_cuts().empty());
}

// Across chunks and calls: what was handed out stays, aligned, apart from everything else.
TEST(Arena, MemoryStaysUntilReset) {
  Arena arena;
  std::vector<unsigned char*> pieces;
  for (std::uint32_t call = 0; call < 4; ++call) {
    arena.begin_call(20);
    for (std::uint32_t row = 0; row < 20; ++row) {
      auto* piece = static_cast<unsigned char*>(arena.allocate(row, 40'001));
      ASSERT_NE(piece, nullptr);
      ASSERT_EQ(reinterpret_cast<std::uintptr_t>(piece) % 8, 0u);
      std::memset(piece, static_cast<int>(pieces.size()), 40'001);
      pieces.push_back(piece);
    }
  }
  for (std::size_t i = 0; i < pieces.size(); ++i) {
    EXPECT_EQ(pieces[i][0], i);
    EXPECT_EQ(pieces[i][40'000], i);
  }
  arena.reset();
  arena.begin_call(1);
  EXPECT_EQ(arena.allocate(0, 1), pieces[0]);  // the chunks are kept
}

}  // namespace
}  // namespace flowgauge
