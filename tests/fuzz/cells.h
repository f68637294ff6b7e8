// A feature with a column of every type, and cells for it that an input decides.
#pragma once

#include <array>
#include <bit>
#include <cstdlib>
#include <cstring>
#include <string>
#include <type_traits>
#include <vector>

#include "core/plugin/arena.h"
#include "core/plugin/catalog.h"
#include "core/plugin/cells.h"
#include "core/plugin/column_batch.h"
#include "tests/fuzz/input_bytes.h"

namespace flowgauge::test {

inline constexpr std::uint32_t kCellRows = 3;

inline fg_column cell_column(const char* name, fg_type type, fg_column_flags flags = 0) {
  fg_column made{};
  made.name = name;
  made.doc = "A column.";
  made.type = type;
  made.unit = FG_UNIT_NONE;
  made.reveals = type == FG_TIME ? FG_REVEALS_TIME : FG_REVEALS_NOTHING;
  made.extremes_reveal = type == FG_SERIES ? FG_REVEALS_OS : FG_REVEALS_NOTHING;
  made.flags = flags;
  return made;
}

// Columns a.u a.v (u64), a.i a.j (i64), a.d a.e (f64), a.b (bool), a.t a.w (text), a.l a.li a.lf a.lt (lists of u64,
// i64, f64, text), a.x a.y (time), a.s (series); a.nu, a.ni, a.nd, a.nt, a.nl may be null.
inline Feature cell_feature() {
  Feature feature;
  feature.name = "a";
  feature.columns = {cell_column("u", FG_U64),
                     cell_column("v", FG_U64),
                     cell_column("i", FG_I64),
                     cell_column("j", FG_I64),
                     cell_column("d", FG_F64),
                     cell_column("e", FG_F64),
                     cell_column("b", FG_BOOL),
                     cell_column("t", FG_STRING),
                     cell_column("w", FG_STRING),
                     cell_column("l", FG_LIST_U64),
                     cell_column("x", FG_TIME),
                     cell_column("s", FG_SERIES),
                     cell_column("nu", FG_U64, FG_NULLABLE),
                     cell_column("ni", FG_I64, FG_NULLABLE),
                     cell_column("nd", FG_F64, FG_NULLABLE),
                     cell_column("nt", FG_STRING, FG_NULLABLE),
                     cell_column("li", FG_LIST_I64),
                     cell_column("lf", FG_LIST_F64),
                     cell_column("lt", FG_LIST_STRING),
                     cell_column("nl", FG_LIST_U64, FG_NULLABLE),
                     cell_column("y", FG_TIME)};
  return feature;
}

// What cells point to, for as long as they are read.
struct KeptCells {
  Arena arena;
  StaticMemory constants;  // of this program
};

// The items of a list, at most four.
template <class List, class Make>
void fill_list(const fg_vector& vector, std::uint32_t row, std::size_t size, KeptCells& kept, const Make& make) {
  using Item = std::remove_cvref_t<decltype(make())>;
  auto* const items = static_cast<Item*>(kept.arena.allocate_for_host(size * sizeof(Item)));
  for (std::size_t at = 0; at < size; ++at) items[at] = make();
  static_cast<List*>(vector.cells)[row] = {items, size};
}

inline void fill_cell(const fg_vector& vector, fg_type type, std::uint32_t row, InputBytes& bytes, KeptCells& kept) {
  const auto kind = bytes.take<std::uint8_t>();
  if (vector.validity != nullptr) {
    if (kind % 3 == 0) return;
    vector.validity[row / 64] |= std::uint64_t{1} << (row % 64);
  }
  // Numbers near what matters: 0, the ends, powers of two; or any.
  const auto number = [&]() -> std::uint64_t {
    const auto word = bytes.take<std::uint64_t>();
    if (kind % 4 == 1) return word % 5 - 2;
    if (kind % 4 == 2) return (std::uint64_t{1} << (word % 64)) + (word >> 8) % 3 - 1;
    return kind % 4 == 3 ? INT64_MAX + word % 4 : word;
  };
  const auto real = [&] {
    const std::uint64_t bits = kind % 2 == 0 ? bytes.take<std::uint64_t>() : 0;
    const double value = static_cast<double>(static_cast<std::int64_t>(number())) / 4;
    return kind % 2 == 0 ? std::bit_cast<double>(bits) : value;
  };
  const auto text = [&]() -> fg_string {
    static constexpr std::string_view kTexts[] = {
        "", "a", "TCP", "\xc3\xbc\xc3\xa4", "\xff\x80", "a,b\"c\n", "0123456789abcdef"};
    const std::string_view chosen = kTexts[(kind + bytes.take<std::uint8_t>()) % std::size(kTexts)];
    return {chosen.data(), chosen.size()};
  };
  switch (type) {
    case FG_BOOL:
      static_cast<std::uint8_t*>(vector.cells)[row] = kind & 1U;
      return;
    case FG_F64:
      static_cast<double*>(vector.cells)[row] = real();
      return;
    case FG_STRING:
      static_cast<fg_string*>(vector.cells)[row] = text();
      return;
    case FG_LIST_U64:
      return fill_list<fg_list_u64>(vector, row, kind % 5, kept, number);
    case FG_LIST_I64:
      return fill_list<fg_list_i64>(vector, row, kind % 5, kept, [&] { return static_cast<std::int64_t>(number()); });
    case FG_LIST_F64:
      return fill_list<fg_list_f64>(vector, row, kind % 5, kept, real);
    case FG_LIST_STRING:
      return fill_list<fg_list_string>(vector, row, kind % 5, kept, text);
    case FG_SERIES:
      static_cast<fg_series*>(vector.cells)[row] = bytes.take<fg_series>();
      return;
    default:
      static_cast<std::uint64_t*>(vector.cells)[row] = number();
  }
}

inline void fill_cells(const ColumnBatch& batch, const std::vector<const CatalogColumn*>& columns, InputBytes bytes,
                       KeptCells& kept) {
  constexpr std::array<std::int64_t, kCellRows> kStart{1'785'789'999'002'000'000, 0, -5};
  kept.constants.add_object_of(&kCellRows);
  kept.arena.begin_call(kCellRows);
  for (const CatalogColumn* column : columns) {
    const fg_vector vector = batch.vector(*column);
    for (std::uint32_t row = 0; row < kCellRows; ++row) fill_cell(vector, column->column().type, row, bytes, kept);
    const Settled settled = settle_cells(column->column(), vector, kStart, {kept.arena, &kept.constants});
    if (settled.fault != CellFault::kNone) std::abort();
  }
}

}  // namespace flowgauge::test
