// The validity bitmap of a vector of cells (fg_vector in plugin.h): bit row % 64 of word row / 64; 1: the cell has a
// value.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

constexpr std::size_t validity_words(std::size_t rows) { return (rows + 63) / 64; }

// Without a bitmap (NULL) there are no nulls.
inline bool is_null(const std::uint64_t* validity, std::size_t row) {
  return validity != nullptr && (validity[row / 64] >> (row % 64) & 1U) == 0;
}
inline bool is_null(const fg_vector& vector, std::size_t row) { return is_null(vector.validity, row); }

inline void set_valid(std::uint64_t* validity, std::size_t row) {
  validity[row / 64] |= std::uint64_t{1} << (row % 64);
}

}  // namespace flowgauge
