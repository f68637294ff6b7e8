// What the host does with the cells that a feature has written: nobody behind it meets a value that its type
// does not allow. Stateless. Hot.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

#include "core/plugin/arena.h"
#include "core/plugin/known_texts.h"
#include "core/plugin/module.h"
#include "core/plugin/static_memory.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// A cell's text or list has at most so much, wherever it lies.
inline constexpr std::uint64_t kMostCellBytes = FG_ROW_BYTES;

// Of the call that wrote the cells.
struct CellSource {
  Arena& arena;
  const StaticMemory* constants;  // the plugin's; null: the host wrote them, its texts and lists are taken as they are
  KnownTexts* known = nullptr;    // that plugin's; null: every text is judged
};

enum class CellFault : std::uint8_t {
  kNone,
  kElsewhere,  // a text or list that lies neither in the arena of this call nor in the plugin's static memory
  kTooLong,
};

struct Settled {
  CellFault fault = CellFault::kNone;
  std::size_t not_finite = 0;
  std::size_t repaired = 0;
};

// Whether a cell of the type may hold what nobody may read; the others need no settle_cells. `module`: who writes it;
// null: the host.
[[nodiscard]] inline bool is_to_settle(fg_type type, const Module* module) {
  const bool is_memory = type == FG_STRING || is_list(type);
  return is_memory ? module != nullptr : type != FG_U64 && type != FG_I64 && type != FG_SERIES;
}

// FG_TIME becomes ns since the epoch (start_ns[row] + cell; FG_NEVER gives 0); a double that is not finite
// becomes 0, any boolean 0 or 1, a string or list without data or without a value is empty, NUL and what is not UTF-8
// U+FFFD. Nobody may read a column in which there is a fault.
[[nodiscard]] Settled settle_cells(const fg_column& column, const fg_vector& vector,
                                   std::span<const std::int64_t> start_ns, const CellSource& source);

// Where the texts and lists lie, and nothing else: as settle_cells, but without a change. The source has constants.
[[nodiscard]] CellFault judge_places(const fg_column& column, const fg_vector& vector, std::size_t row_count,
                                     const CellSource& source);

// As the reason of a failure: "column 'label' ...".
[[nodiscard]] std::string fault_text(CellFault fault, const fg_column& column);

}  // namespace flowgauge
