// Small counters for a flow's state.
#pragma once

#include <cstdint>
#include <limits>

namespace fg {

// N counters to 2^40 in 5 bytes each; zero bytes are all 0. Counting touches the low words alone, until one carries.
template <int N>
struct Counters40 {
  std::uint32_t low[N];
  std::uint8_t high[N];

  constexpr void add(int which, bool one) {
    low[which] += static_cast<std::uint32_t>(one);
    if (one && low[which] == 0) [[unlikely]]
      ++high[which];
  }

  // Counter i gets bit i of `bits`, all in one step. `at_most`: no counter can be above it yet.
  constexpr void add_bits(std::uint32_t bits, std::uint64_t at_most) {
    for (int i = 0; i < N; ++i) low[i] += bits >> i & 1U;
    if (at_most < std::numeric_limits<std::uint32_t>::max()) [[likely]]
      return;
    for (int i = 0; i < N; ++i) {
      if ((bits >> i & 1U) != 0 && low[i] == 0) ++high[i];
    }
  }

  [[nodiscard]] constexpr std::uint64_t count(int which) const { return std::uint64_t{high[which]} << 32 | low[which]; }
};

}  // namespace fg
