// Where each feature's state lies in a flow record: after the host's own part, by alignment, so that a state
// touches no more cache lines than it must where that costs no padding. States of plugins that were not found beside
// the program come last, each before a guard: bytes that stay zero unless a feature writes beyond its state. Pure.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "core/plugin/module.h"

namespace flowgauge {

inline constexpr std::uint32_t kRecordAlign = 64;
inline constexpr std::uint32_t kGuardBytes = 8;

[[nodiscard]] constexpr std::uint32_t round_up(std::uint32_t value, std::uint32_t multiple) {
  return (value + multiple - 1) / multiple * multiple;
}

struct RecordLayout {
  std::vector<std::uint32_t> state_offsets;  // by feature, in the given order
  std::vector<std::uint32_t> guard_offsets;  // likewise; 0: it has none
  std::uint32_t size_bytes = 0;              // of a whole record, a multiple of kRecordAlign
};

// `base_bytes` is the host's part. Records begin at multiples of kRecordAlign.
[[nodiscard]] RecordLayout lay_out_record(std::span<const Feature* const> features, std::uint32_t base_bytes);

}  // namespace flowgauge
