// When a table's file is ended and the next one begun, and how many are kept: plain data.
#pragma once

#include <cstdint>

namespace flowgauge {

inline constexpr std::int64_t kLeastRotateIntervalNs = 1'000'000'000;
inline constexpr std::uint64_t kMostKeptFiles = 1'000'000'000;

struct RotateRule {
  std::int64_t interval_ns = 0;  // 0: by no time
  std::uint64_t size_bytes = 0;  // 0: by no size
  bool align = true;             // the interval's multiples since 1970 begin files, not its own first moment

  [[nodiscard]] bool any() const { return interval_ns != 0 || size_bytes != 0; }
  bool operator==(const RotateRule&) const = default;
};

struct KeepRule {
  std::uint64_t files = 0;       // 0: all
  std::uint64_t size_bytes = 0;  // of all together; 0: any

  [[nodiscard]] bool any() const { return files != 0 || size_bytes != 0; }
  bool operator==(const KeepRule&) const = default;
};

}  // namespace flowgauge
