// What the host does with the cells that a feature has written: nobody behind it meets a value that its type
// does not allow. Stateless. Hot.
#pragma once

#include <cstdint>
#include <span>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// FG_TIME becomes ns since the epoch (start_ns[row] + cell; FG_NEVER gives 0); a double that is not finite
// becomes 0, any boolean 0 or 1, a string or list without data is empty.
void settle_cells(const fg_column& column, const fg_vector& vector, std::span<const std::int64_t> start_ns);

}  // namespace flowgauge
