// What the tests of expressions share: a case, and cells for it.
#pragma once

#include <cstdint>
#include <vector>

#include "tests/table/lab.h"

namespace flowgauge::test {

inline constexpr std::uint64_t kTop = UINT64_MAX;  // 2^64 - 1
inline constexpr std::int64_t kLowest = INT64_MIN;

struct ExpressionCase {
  const char* expression;
  fg_type type;
  Cells cells;
  const char* expected;
};

inline Cell u(std::uint64_t value) { return value; }
inline Cell i(std::int64_t value) { return value; }

}  // namespace flowgauge::test
