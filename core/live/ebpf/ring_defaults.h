// How many rings there are, and how large, where nobody says.
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <thread>

#include "core/live/capture_choices.h"

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

// What a run has: as it chose, else these.
[[nodiscard]] inline std::uint32_t ring_count_of(const CaptureChoices& choices) {
  return choices.rings != 0 ? choices.rings : default_ring_count(std::max(std::thread::hardware_concurrency(), 1U));
}

[[nodiscard]] constexpr std::uint64_t ring_bytes_of(const CaptureChoices& choices, std::uint32_t rings) {
  return choices.ring_bytes != 0 ? choices.ring_bytes : default_ring_bytes(rings);
}

}  // namespace flowgauge
