// Seconds and ages of the run's clock. Timestamps lie in [-2^62, 2^62) ns, so that a difference of two fits 64 bits.
#pragma once

#include <cstdint>

#include "core/flow/life_cycle.h"

namespace flowgauge {

// The whole second that holds `ns`; rounds down before 1970 too.
constexpr std::int64_t second_of(std::int64_t ns) { return ns / kNsPerSecond - (ns % kNsPerSecond < 0 ? 1 : 0); }

// Is `later` more than `span` after `earlier`?
constexpr bool is_more_than_after(std::int64_t later, std::int64_t earlier, std::int64_t span) {
  return later > earlier &&
         static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier) > static_cast<std::uint64_t>(span);
}

// How far `later` is past `earlier`; 0 if it is not.
constexpr std::uint64_t gap_ns(std::int64_t later, std::int64_t earlier) {
  return later > earlier ? static_cast<std::uint64_t>(later) - static_cast<std::uint64_t>(earlier) : 0;
}

}  // namespace flowgauge
