// One row of an emit call: where a feature writes its cells.
#pragma once

#include <cstdint>
#include <stdexcept>

#include "cells.hpp"
#include "packet.hpp"

namespace fg {

// Columns are found by name, and values checked against their types, while compiling.
// Text and lists: set() copies a std::string_view or a range of std::uint64_t (ABI 1.1: also of std::int64_t, double or
// std::string_view) for the row; an fg_string or fg_list_u64 (fg::literal, the host's, or from text() and list()) is
// written as it is. A cell that is not set is null if nullable, else zero bytes; of FG_TIME the flow's start.
template <class F>
class Row : public detail::CellWriter {
 public:
  Row(const fg_emit& emit, std::uint32_t row)
      : CellWriter(*emit.host, emit.arena, row), emit_(emit), columns_(emit.columns) {}

  // Does anybody want the column? For what is costly to compute; set() asks by itself.
  template <Name Wanted>
  [[nodiscard]] bool wants() const {
    return columns_[index<Wanted>()].cells != nullptr;
  }

  template <Name Wanted, class Value>
  void set(const Value& value) {
    constexpr Column column = F::kColumns[index<Wanted>()];
    write<column.type, (column.flags & FG_NULLABLE) != 0>(columns_[index<Wanted>()], value);
  }

  // The column at a place in kColumns that is known only when it runs, of the type that the caller names: for columns
  // that are many of one kind. It must have that type, and not be nullable, else emit fails.
  template <fg_type Type, class Value>
  void set_at(std::size_t column, const Value& value) {
    if (column >= std::size(F::kColumns) || F::kColumns[column].type != Type || F::kColumns[column].flags != 0)
      throw std::out_of_range("set_at() of a column of another type, a nullable one, or none");
    write<Type, false>(columns_[column], value);
  }

  // Nullable cells are null until they are set.
  template <Name Wanted>
  void set_null() {
    constexpr Column column = F::kColumns[index<Wanted>()];
    static_assert((column.flags & FG_NULLABLE) != 0, "the column is never null: declare it with .nullable()");
    write_null<column.type>(columns_[index<Wanted>()]);
  }

  [[nodiscard]] const Key& key() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_KEY>,
                  "addresses and ports are withheld: add FG_NEEDS_KEY to kAbout.needs");
    return *reinterpret_cast<const Key*>(emit_.keys + std::size_t{row()} * emit_.key_stride);
  }
  [[nodiscard]] std::int64_t first_seen_ns() const {
    static_assert(
        detail::kNeeds<F, FG_NEEDS_TIME>,
        "absolute time is withheld: add FG_NEEDS_TIME to kAbout.needs, or write fg::Moment to an FG_TIME column");
    return emit_.first_seen_ns[row()];
  }
  [[nodiscard]] const Tags& tags() const {
    static_assert(detail::kNeeds<F, FG_NEEDS_TAGS>, "VLAN and tunnel are withheld: add FG_NEEDS_TAGS to kAbout.needs");
    return *reinterpret_cast<const Tags*>(emit_.tags + std::size_t{row()} * emit_.tags_stride);
  }

 private:
  template <Name Wanted>
  static consteval std::size_t index() {
    constexpr std::size_t found = detail::index_of(F::kColumns, Wanted.view());
    static_assert(found < std::size(F::kColumns), "the feature has no column of this name in kColumns");
    return found;
  }

  const fg_emit& emit_;
  const fg_vector* columns_;  // a copy: the compiler cannot know that writing a cell leaves the call as it is
};

}  // namespace fg
