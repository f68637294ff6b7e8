// In which form a column shows absolute times, where its expression is nothing but one.
#pragma once

#include <string_view>

#include "core/plugin/catalog.h"

namespace flowgauge {

// "ns", "us", "ms" or "s": numbers of that unit since the epoch. "text": as time_text() writes it. Empty: other cells.
[[nodiscard]] std::string_view time_cells(std::string_view expression, const Catalog& catalog);

}  // namespace flowgauge
