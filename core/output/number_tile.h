// Sixteen numbers of one column as text: what a wide table spends most of its time on. The digits of all are found side
// by side, in loops that become vector instructions; number_text.h writes one number, to the same bytes.
#pragma once

#include <cstddef>
#include <cstdint>

#include "core/output/row_texts.h"
#include "core/text/number_text.h"

namespace flowgauge {

inline constexpr std::size_t kTileNumbers = RowTexts::kRows;
// What they may store behind a row.
inline constexpr std::size_t kIntegerCellBytes = 1 + kIntegerTextBytes + 8;
inline constexpr std::size_t kRealCellBytes = 1 + kRealTextBytes;

void write_naturals(const RowTexts::Cells& column, const std::uint64_t* values);
void write_integers(const RowTexts::Cells& column, const std::int64_t* values);
void write_reals(const RowTexts::Cells& column, const double* values);

}  // namespace flowgauge
