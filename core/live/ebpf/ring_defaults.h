// How many rings there are, and how large, where nobody says.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>

namespace flowgauge {

// Rings for a machine of so many cores: a writer and a reader share one, and two writers on one cost a third more.
[[nodiscard]] constexpr std::uint32_t default_ring_count(std::uint32_t cores) {
  constexpr std::uint32_t kMost = 16;
  return std::min(std::bit_floor(std::max(cores / 2, 1U)), kMost);
}

// A ring holds about a second of a million packets each second (64 MiB); several rings share that load.
[[nodiscard]] constexpr std::uint64_t default_ring_bytes(std::uint32_t rings) {
  constexpr std::uint64_t kMiB = std::uint64_t{1} << 20;
  return (rings == 1 ? 64 : 32) * kMiB;
}

}  // namespace flowgauge
