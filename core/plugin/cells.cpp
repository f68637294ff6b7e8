#include "core/plugin/cells.h"

#include <cmath>
#include <limits>

#include "core/base/text.h"
#include "core/base/validity.h"

namespace flowgauge {
namespace {

template <class T, class Settle>
void each_cell(const fg_vector& vector, std::size_t row_count, Settle settle) {
  auto* cells = static_cast<T*>(vector.cells);
  for (std::size_t row = 0; row < row_count; ++row) settle(cells[row], row);
}

// A plugin may write any number: the sum stays at the end of the range.
std::int64_t absolute(std::int64_t start_ns, std::int64_t relative_ns) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(start_ns, relative_ns, &sum)) return sum;
  return relative_ns < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

}  // namespace

std::size_t settle_cells(const fg_column& column, const fg_vector& vector, std::span<const std::int64_t> start_ns) {
  const std::size_t row_count = start_ns.size();
  std::size_t not_finite = 0;
  switch (column.type) {
    case FG_TIME:
      each_cell<std::int64_t>(vector, row_count, [&](std::int64_t& cell, std::size_t row) {
        cell = is_null(vector, row) || cell == FG_NEVER ? 0 : absolute(start_ns[row], cell);
      });
      break;
    case FG_F64:
      each_cell<double>(vector, row_count, [&](double& cell, std::size_t) {
        if (std::isfinite(cell)) return;
        cell = 0;
        ++not_finite;
      });
      break;
    case FG_BOOL:
      each_cell<std::uint8_t>(vector, row_count, [](std::uint8_t& cell, std::size_t) { cell = cell != 0 ? 1 : 0; });
      break;
    case FG_STRING:
      each_cell<fg_string>(vector, row_count, [](fg_string& cell, std::size_t) {
        if (cell.data == nullptr) cell.size_bytes = 0;
      });
      break;
    case FG_LIST_U64:
      each_cell<fg_list_u64>(vector, row_count, [](fg_list_u64& cell, std::size_t) {
        if (cell.data == nullptr) cell.size = 0;
      });
      break;
    default:
      break;
  }
  return not_finite;
}

std::string not_finite_text(const std::string& column, std::uint64_t cells) {
  return fmt::format("{}: {} with NaN or infinity, written as 0; tell its author", column, counted(cells, "cell"));
}

}  // namespace flowgauge
