// Whose texts and lists were cut where a row's memory was used up: the arena knows rows, not columns. Cold.
#pragma once

#include <span>
#include <string>

#include "core/plugin/arena.h"
#include "core/plugin/cell_notes.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Of the call that has just ended. `who` is "PATH: column 'FEATURE." or the like: the column's name and a quote follow.
// A cell that was shortened lies in the last memory of its row. One that got nothing is empty: the last empty cells of
// the row are taken for these. What no cell shows counts for "(none)".
void note_cuts(const Arena& arena, std::span<const fg_column> columns, std::span<const fg_vector> vectors,
               const std::string& who, CellNotes& notes);

}  // namespace flowgauge
