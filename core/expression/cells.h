// Small things that the kernels share: loops over the cells of a vector. Internal to this folder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge::expression {

inline std::size_t bitmap_words(std::uint32_t rows) { return (rows + 63) / 64; }

inline fg_string string_cell(std::string_view text) { return {text.data(), text.size()}; }
inline std::string_view view(const fg_string& cell) { return {cell.data, cell.size_bytes}; }

// out[row] = make(row) for all rows.
template <class Out, class Make>
void fill(void* out, std::uint32_t rows, Make make) {
  auto* const cells = static_cast<Out*>(out);
  for (std::uint32_t row = 0; row < rows; ++row) cells[row] = make(row);
}

}  // namespace flowgauge::expression
