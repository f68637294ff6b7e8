#include "core/live/ebpf/ring_defaults.h"

#include <gtest/gtest.h>

namespace flowgauge {
namespace {

TEST(RingDefaults, HalfTheCoresHaveARingOfTheirOwn) {
  struct Row {
    std::uint32_t cores;
    std::uint32_t rings;
    std::uint64_t mebibytes;  // of each
  };
  constexpr Row kRows[] = {
      {0, 1, 64},  // not told
      {1, 1, 64}, {2, 1, 64}, {3, 1, 64}, {4, 2, 32}, {6, 2, 32}, {8, 4, 32}, {31, 8, 32}, {32, 16, 32}, {256, 16, 32},
  };
  for (const Row& row : kRows) {
    EXPECT_EQ(default_ring_count(row.cores), row.rings) << row.cores << " cores";
    EXPECT_EQ(default_ring_bytes(row.rings), row.mebibytes << 20) << row.cores << " cores";
  }
}

}  // namespace
}  // namespace flowgauge
