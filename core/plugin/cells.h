// What the host does with the cells that a feature has written: nobody behind it meets a value that its type
// does not allow. Stateless. Hot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// FG_TIME becomes ns since the epoch (start_ns[row] + cell; FG_NEVER gives 0); a double that is not finite
// becomes 0, any boolean 0 or 1, a string or list without data is empty. How many doubles were not finite.
std::size_t settle_cells(const fg_column& column, const fg_vector& vector, std::span<const std::int64_t> start_ns);

// Cells that held NaN or infinity and became 0, by "PATH: column 'FEATURE.COLUMN'": what the user is told at the end.
using NotFinite = std::map<std::string, std::uint64_t>;
[[nodiscard]] std::string not_finite_text(const std::string& column, std::uint64_t cells);

}  // namespace flowgauge
