#include "core/plugin/cut_cells.h"

#include <cstdint>
#include <set>
#include <utility>

#include "core/plugin/module.h"

namespace flowgauge {
namespace {

// Where the cell's data lie, of a type that has any. Both kinds of cells are a pointer and a size.
struct Data {
  const void* begin;
  std::uint64_t size;
};
Data data_of(fg_type type, const fg_vector& vector, std::uint32_t row) {
  if (type == FG_STRING) {
    const fg_string& cell = static_cast<const fg_string*>(vector.cells)[row];
    return {cell.data, cell.size_bytes};
  }
  const fg_list_u64& cell = static_cast<const fg_list_u64*>(vector.cells)[row];
  return {cell.data, cell.size};
}

}  // namespace

void note_cuts(const Arena& arena, std::span<const fg_column> columns, std::span<const fg_vector> vectors,
               const std::string& who, CellNotes& notes) {
  std::set<std::pair<std::uint32_t, std::size_t>> told;  // row and column
  for (const Arena::Cut& cut : arena.call_cuts()) {
    std::string_view name = "(none)";
    for (std::size_t c = columns.size(); c-- > 0;) {
      const fg_type type = columns[c].type;
      if (vectors[c].cells == nullptr || (type != FG_STRING && !is_list(type))) continue;
      const Data data = data_of(type, vectors[c], cut.row);
      const bool is_it = cut.shortened == nullptr ? data.size == 0 : data.begin == cut.shortened;
      if (!is_it || !told.emplace(cut.row, c).second) continue;
      name = columns[c].name;
      break;
    }
    notes[who + std::string(name) + "'"].cut += 1;
  }
}

}  // namespace flowgauge
