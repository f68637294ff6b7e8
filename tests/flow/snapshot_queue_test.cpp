#include "core/flow/snapshot_queue.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>

namespace flowgauge {
namespace {

TEST(SnapshotQueue, EmptyOneIsNeverDue) {
  EXPECT_EQ(SnapshotQueue().next_ns(), std::numeric_limits<std::int64_t>::max());
}

TEST(SnapshotQueue, ComeByTimeThenByCreation) {
  SnapshotQueue queue;
  queue.push({30, 1, 101});
  queue.push({10, 9, 102});
  queue.push({20, 5, 103});
  queue.push({10, 2, 104});
  queue.push({-7, 8, 105});
  for (const std::uint32_t record : {105U, 104U, 102U, 103U, 101U}) {
    const std::int64_t next = queue.next_ns();
    const SnapshotDue due = queue.pop();
    EXPECT_EQ(due.due_ns, next);
    EXPECT_EQ(due.record, record);
  }
  EXPECT_EQ(queue.next_ns(), std::numeric_limits<std::int64_t>::max());
}

TEST(SnapshotQueue, ShiftMovesAllAndKeepsTheirOrder) {
  SnapshotQueue queue;
  queue.push({30, 1, 101});
  queue.push({10, 2, 102});
  queue.shift(-40);
  EXPECT_EQ(queue.next_ns(), -30);
  queue.push({-20, 3, 103});
  EXPECT_EQ(queue.pop().record, 102U);
  EXPECT_EQ(queue.pop().record, 103U);
  EXPECT_EQ(queue.pop().due_ns, -10);
}

}  // namespace
}  // namespace flowgauge
