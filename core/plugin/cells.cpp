#include "core/plugin/cells.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>
#include <string_view>
#include <type_traits>

#include "core/base/validity.h"
#include "core/plugin/module.h"
#include "core/text/table_text.h"

namespace flowgauge {
namespace {

template <class T, class Settle>
void each_cell(fg_vector vector, std::size_t row_count, Settle settle) {
  auto* cells = static_cast<T*>(vector.cells);
  for (std::size_t row = 0; row < row_count; ++row) settle(cells[row], row);
}

// A plugin may write any number: the sum stays at the end of the range.
std::int64_t absolute(std::int64_t start_ns, std::int64_t relative_ns) {
  std::int64_t sum = 0;
  if (!__builtin_add_overflow(start_ns, relative_ns, &sum)) return sum;
  return relative_ns < 0 ? std::numeric_limits<std::int64_t>::min() : std::numeric_limits<std::int64_t>::max();
}

CellFault judged(const void* data, std::uint64_t size_bytes, const CellSource& source) {
  if (size_bytes > kMostCellBytes) return CellFault::kTooLong;
  const bool is_there = source.arena.holds(data, size_bytes) || source.constants->holds(data, size_bytes);
  return is_there ? CellFault::kNone : CellFault::kElsewhere;
}

CellFault judged(const fg_string& cell, const CellSource& source) { return judged(cell.data, cell.size_bytes, source); }

template <class List>
CellFault judged(const List& cell, const CellSource& source) {
  constexpr std::uint64_t kItemBytes = sizeof(*cell.data);
  return cell.size > kMostCellBytes / kItemBytes ? CellFault::kTooLong
                                                 : judged(cell.data, cell.size * kItemBytes, source);
}

fg_string repaired(std::string_view text, const CellSource& source) {
  const std::string clean = table_text_of(text);
  auto* memory = static_cast<char*>(source.arena.allocate_for_host(clean.size()));
  std::memcpy(memory, clean.data(), clean.size());
  return {memory, clean.size()};
}

[[gnu::noinline]] void judge_text(fg_string& cell, const CellSource& source, Settled& settled) {
  if (const CellFault fault = judged(cell, source); fault != CellFault::kNone) {
    settled.fault = fault;
    return;
  }
  const std::string_view text(cell.data, cell.size_bytes);
  if (!is_table_text(text)) {
    cell = repaired(text, source);
    ++settled.repaired;
  } else if (source.known != nullptr && source.constants->is_constant(cell.data, cell.size_bytes)) {
    source.known->add(cell);
  }
}

void settle_text(fg_string& cell, const CellSource& source, Settled& settled) {
  if (source.known == nullptr || !source.known->has(cell)) judge_text(cell, source, settled);
}

template <class Cell>
constexpr bool has_data(const Cell& cell) {
  if constexpr (std::is_same_v<Cell, fg_string>)
    return cell.data != nullptr && cell.size_bytes != 0;
  else
    return cell.data != nullptr && cell.size != 0;
}

// The list with room for items of its own, which the host may change.
template <class List>
auto* copied(List& list, const CellSource& source) {
  const std::size_t bytes = list.size * sizeof(*list.data);
  auto* const items = static_cast<std::remove_const_t<std::remove_pointer_t<decltype(list.data)>>*>(
      source.arena.allocate_for_host(bytes));
  std::memcpy(items, list.data, bytes);
  list.data = items;
  return items;
}

void settle_reals(fg_list_f64& list, const CellSource& source, Settled& settled) {
  const std::span items(list.data, list.size);
  if (std::ranges::all_of(items, [](double item) { return std::isfinite(item); })) return;
  for (double& item : std::span(copied(list, source), list.size)) {
    if (std::isfinite(item)) continue;
    item = 0;
    ++settled.not_finite;
  }
}

void settle_texts(fg_list_string& list, const CellSource& source, Settled& settled) {
  fg_string* items = nullptr;
  std::uint64_t bytes = 0;
  for (std::uint64_t i = 0; i < list.size; ++i) {
    fg_string item = list.data[i].size_bytes == 0 ? fg_string{} : list.data[i];
    bytes += item.size_bytes;
    if (item.size_bytes != 0) settle_text(item, source, settled);
    if (bytes > kMostCellBytes) settled.fault = CellFault::kTooLong;
    if (settled.fault != CellFault::kNone) return;
    if (item.data == list.data[i].data && item.size_bytes == list.data[i].size_bytes) continue;
    if (items == nullptr) items = copied(list, source);
    items[i] = item;
  }
}

template <class Cell, class Settle>
void each_with_data(fg_vector vector, std::size_t row_count, Settle settle) {
  each_cell<Cell>(vector, row_count, [&](Cell& cell, std::size_t row) {
    if (has_data(cell) && !is_null(vector, row))
      settle(cell);
    else
      cell = {};
  });
}

void settle_text_column(const fg_vector& vector, std::size_t row_count, const CellSource& source, Settled& settled) {
  fg_string last{};  // many rows have the text of the row before
  each_with_data<fg_string>(vector, row_count, [&](fg_string& cell) {
    if (cell.data == last.data && cell.size_bytes == last.size_bytes) return;
    settle_text(cell, source, settled);
    last = cell;
  });
}

template <class List>
void settle_lists(const fg_vector& vector, std::size_t row_count, const CellSource& source, Settled& settled) {
  each_with_data<List>(vector, row_count, [&](List& cell) {
    if (const CellFault fault = judged(cell, source); fault != CellFault::kNone) {
      settled.fault = fault;
      return;
    }
    if constexpr (std::is_same_v<List, fg_list_f64>) settle_reals(cell, source, settled);
    if constexpr (std::is_same_v<List, fg_list_string>) settle_texts(cell, source, settled);
  });
}

// Cells that point to memory.
void settle_memory(fg_type type, const fg_vector& vector, std::size_t row_count, const CellSource& source,
                   Settled& settled) {
  switch (type) {
    case FG_STRING:
      settle_text_column(vector, row_count, source, settled);
      break;
    case FG_LIST_U64:
      settle_lists<fg_list_u64>(vector, row_count, source, settled);
      break;
    case FG_LIST_I64:
      settle_lists<fg_list_i64>(vector, row_count, source, settled);
      break;
    case FG_LIST_F64:
      settle_lists<fg_list_f64>(vector, row_count, source, settled);
      break;
    case FG_LIST_STRING:
      settle_lists<fg_list_string>(vector, row_count, source, settled);
      break;
    default:
      break;
  }
}

}  // namespace

Settled settle_cells(const fg_column& column, const fg_vector& vector, std::span<const std::int64_t> start_ns,
                     const CellSource& source) {
  const std::size_t row_count = start_ns.size();
  Settled settled;
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
        ++settled.not_finite;
      });
      break;
    case FG_BOOL:
      each_cell<std::uint8_t>(vector, row_count, [](std::uint8_t& cell, std::size_t) { cell = cell != 0 ? 1 : 0; });
      break;
    default:
      if (source.constants != nullptr) settle_memory(column.type, vector, row_count, source, settled);
      break;
  }
  return settled;
}

CellFault judge_places(const fg_column& column, const fg_vector& vector, std::size_t row_count,
                       const CellSource& source) {
  CellFault worst = CellFault::kNone;
  const auto judge = [&](const auto& cell, std::size_t row) {
    if (!has_data(cell) || is_null(vector, row)) return;
    if (const CellFault fault = judged(cell, source); fault != CellFault::kNone) worst = fault;
  };
  if (column.type == FG_STRING) each_cell<const fg_string>(vector, row_count, judge);
  if (is_list(column.type) && column.type != FG_LIST_STRING) each_cell<const fg_list_u64>(vector, row_count, judge);
  if (column.type == FG_LIST_STRING)
    each_cell<const fg_list_string>(vector, row_count, [&](const fg_list_string& cell, std::size_t row) {
      judge(cell, row);
      if (worst != CellFault::kNone || is_null(vector, row)) return;
      for (const fg_string& item : std::span(cell.data, cell.size))
        if (has_data(item)) worst = std::max(worst, judged(item, source));
    });
  return worst;
}

std::string fault_text(CellFault fault, const fg_column& column) {
  const std::string_view what = column.type == FG_STRING ? "a text" : "a list";
  if (fault == CellFault::kTooLong)
    return fmt::format("column '{}' has {} of more than {} bytes", column.name, what, kMostCellBytes);
  return fmt::format("column '{}' has {} that lies neither in memory of arena_alloc nor in the plugin's constants",
                     column.name, what);
}

}  // namespace flowgauge
