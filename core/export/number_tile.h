// Sixteen numbers of one column as text: what a wide table spends most of its time on. The digits of all are found side by
// side, in loops that become vector instructions; number_text.h writes one number, to the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/export/cell_slots.h"

namespace flowgauge {

inline constexpr std::size_t kTileNumbers = CellSlots::kRows;

void write_naturals(const CellSlots::Column& slots, const std::uint64_t* values);
void write_integers(const CellSlots::Column& slots, const std::int64_t* values);
void write_reals(const CellSlots::Column& slots, const double* values);

}  // namespace flowgauge
