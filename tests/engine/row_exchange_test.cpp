// Full rows for used ones.
#include "core/engine/row_exchange.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

ShardRows rows_of(std::uint64_t frame) {
  ShardRows rows;
  rows.order.push_back({.frame = frame});
  return rows;
}

TEST(RowExchange, GivesUsedRowsForFullOnesAndNewOnesWhereThereAreNone) {
  RowExchange exchange(1);
  ShardRows rows = rows_of(1);
  EXPECT_EQ(exchange.take(rows).order.at(0).frame, 1U);
  EXPECT_TRUE(rows.order.empty());
  exchange.give_back(rows_of(2));
  rows = rows_of(3);
  EXPECT_EQ(exchange.take(rows).order.at(0).frame, 3U);
  EXPECT_EQ(rows.order.at(0).frame, 2U) << "whose memory it is; whoever fills it clears it";
}

TEST(RowExchange, DropsWhatNobodyTakes) {
  RowExchange exchange(2);
  for (std::uint64_t frame = 0; frame < 100; ++frame) exchange.give_back(rows_of(frame));
  std::uint64_t used = 0;
  for (ShardRows rows = rows_of(0); !rows.order.empty(); ++used) (void)exchange.take(rows);
  EXPECT_EQ(used, 2 * (kRowsAhead + 3) + 1) << "and one that is new";
}

}  // namespace
}  // namespace flowgauge
