// Where rows end in encoded text. Stateless.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "core/output/encoder.h"

namespace flowgauge {

struct WholeRows {
  std::uint64_t rows = 0;
  std::size_t bytes = 0;
};

// The whole rows at the beginning of `text`, which begins with one; a header counts as a row.
[[nodiscard]] WholeRows whole_rows(std::string_view text, TableFormat format);

}  // namespace flowgauge
