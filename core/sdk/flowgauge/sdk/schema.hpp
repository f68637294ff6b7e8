// Schemas: output columns as expressions over feature columns, and derives, code for what an
// expression cannot say.
//
//   struct SynShare {
//     static constexpr fg::Input kInputs[] = {{"tcp_flags.fwd_syn", FG_U64}, {"packet_length.fwd", FG_SERIES}};
//     static constexpr fg::Column kOutputs[] = {{"syn_share", "SYNs per packet", FG_F64, FG_UNIT_NONE, FG_REVEALS_NOTHING}};
//     static void derive(fg::DeriveRow<SynShare>& row) {
//       row.set<"syn_share">(double(row.get<"tcp_flags.fwd_syn">()) / double(row.get<"packet_length.fwd">().count));
//     }
//   };
//   struct MySchema {
//     static constexpr fg::About kAbout{.name = "my_schema", .version = "1.0", .doc = "..."};
//     static constexpr fg::SchemaColumn kColumns[] = {{"SYN share", "my_schema.syn_share", FG_F64, FG_UNIT_NONE}};
//     using Derives = fg::Derives<SynShare>;
//   };
//
// An output reveals what any of the derive's inputs reveals. derive() is stateless and runs on any thread.
// It may take `const fg::DeriveCall<D>&` instead: all rows at once, as column vectors.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <string_view>

#include "boundary.hpp"
#include "cells.hpp"
#include "option.hpp"

namespace fg {

template <class... D>
struct Derives {};

// All rows of a derive call, column by column.
template <class D>
class DeriveCall {
 public:
  explicit DeriveCall(const fg_derive_call& call) : call_(call) {}

  [[nodiscard]] std::uint32_t rows() const { return call_.row_count; }

  template <Name Wanted>
  [[nodiscard]] auto input() const {
    using Item = detail::Cell<D::kInputs[input_index<Wanted>()].type>;
    return std::span<const Item>(static_cast<const Item*>(call_.inputs[input_index<Wanted>()].cells), rows());
  }
  // Of a column that may be null.
  template <Name Wanted>
  [[nodiscard]] bool is_null(std::uint32_t row) const {
    const std::uint64_t* validity = call_.inputs[input_index<Wanted>()].validity;
    return validity != nullptr && (validity[row / 64] >> (row % 64) & 1U) == 0;
  }

  // Empty if nobody wants the column. Cells are written as they are: doubles must be finite, strings and lists static
  // or from a DeriveRow.
  template <Name Wanted>
  [[nodiscard]] auto output() const {
    using Item = detail::Cell<D::kOutputs[output_index<Wanted>()].type>;
    auto* cells = static_cast<Item*>(call_.outputs[output_index<Wanted>()].cells);
    return std::span<Item>(cells, cells != nullptr ? rows() : 0);
  }

  [[nodiscard]] const fg_derive_call& raw() const { return call_; }

  template <Name Wanted>
  static consteval std::size_t input_index() {
    constexpr std::size_t found = detail::index_of(D::kInputs, Wanted.view());
    static_assert(found < std::size(D::kInputs),
                  "the derive has no input of this name in kInputs: it gets those alone");
    return found;
  }
  template <Name Wanted>
  static consteval std::size_t output_index() {
    constexpr std::size_t found = detail::index_of(D::kOutputs, Wanted.view());
    static_assert(found < std::size(D::kOutputs), "the derive has no output of this name in kOutputs");
    return found;
  }

 private:
  const fg_derive_call& call_;
};

// One row of a derive call; set() as in fg::Row.
template <class D>
class DeriveRow : public detail::CellWriter {
 public:
  DeriveRow(const fg_derive_call& call, std::uint32_t row) : CellWriter(*call.host, call.arena, row), call_(call) {}

  template <Name Wanted>
  [[nodiscard]] auto get() const {
    constexpr fg_type type = D::kInputs[DeriveCall<D>::template input_index<Wanted>()].type;
    const auto cell = call_.template input<Wanted>()[row()];
    if constexpr (type == FG_STRING) {
      return std::string_view(cell.data, cell.size_bytes);
    } else if constexpr (type == FG_LIST_U64) {
      return std::span<const std::uint64_t>(cell.data, cell.size);
#if FG_TARGET_MINOR >= 1
    } else if constexpr (type == FG_LIST_I64 || type == FG_LIST_F64 || type == FG_LIST_STRING) {
      return std::span(cell.data, cell.size);
#endif
    } else if constexpr (type == FG_BOOL) {
      return cell != 0;
    } else {
      return cell;
    }
  }
  template <Name Wanted>
  [[nodiscard]] bool is_null() const {
    return call_.template is_null<Wanted>(row());
  }

  template <Name Wanted>
  [[nodiscard]] bool wants() const {
    return vector<Wanted>().cells != nullptr;
  }
  template <Name Wanted, class Value>
  void set(const Value& value) {
    constexpr Column column = D::kOutputs[DeriveCall<D>::template output_index<Wanted>()];
    write<column.type, (column.flags & FG_NULLABLE) != 0>(vector<Wanted>(), value);
  }
  template <Name Wanted>
  void set_null() {
    constexpr Column column = D::kOutputs[DeriveCall<D>::template output_index<Wanted>()];
    static_assert((column.flags & FG_NULLABLE) != 0, "the column is never null: declare it with .nullable()");
    write_null<column.type>(vector<Wanted>());
  }

 private:
  template <Name Wanted>
  [[nodiscard]] const fg_vector& vector() const {
    return call_.raw().outputs[DeriveCall<D>::template output_index<Wanted>()];
  }

  DeriveCall<D> call_;
};

namespace detail {

template <class D>
fg_status run_derive(const fg_derive_call* call) noexcept {
  return guarded(*call->host, D::kOutputs[0].name, "derive", [&] {
    if constexpr (requires(const DeriveCall<D>& all) { D::derive(all); }) {
      D::derive(DeriveCall<D>(*call));
    } else {
      static_assert(
          requires(DeriveRow<D> & row) { D::derive(row); },
          "write: static void derive(fg::DeriveRow<Derive>& row), or (const fg::DeriveCall<Derive>& call)");
      for (std::uint32_t i = 0; i < call->row_count; ++i) {
        DeriveRow<D> row(*call, i);
        D::derive(row);
      }
    }
  });
}

template <class D>
consteval fg_derive describe_derive() {
  static_assert(names_are_unique(D::kInputs), "two inputs of the derive have the same name");
  static_assert(names_are_unique(D::kOutputs), "two outputs of the derive have the same name");
  for (const Column& output : D::kOutputs) {
    if (output.type == FG_SERIES || output.type == FG_TIME) throw "a derive has no output of type FG_SERIES or FG_TIME";
  }
  return {.struct_size = sizeof(fg_derive),
          .reserved = 0,
          .inputs = array_of(D::kInputs),
          .outputs = array_of(D::kOutputs),
          .derive = run_derive<D>};
}
template <class D>
inline constexpr fg_derive kDerive = describe_derive<D>();

template <class List>
struct DerivePointers;
template <class... D>
struct DerivePointers<Derives<D...>> {
  static constexpr std::array<const fg_derive*, sizeof...(D)> kItems{&kDerive<D>...};
};
template <class S>
struct DerivesOf {
  using Type = Derives<>;
};
template <class S>
requires requires { typename S::Derives; }
struct DerivesOf<S> {
  using Type = typename S::Derives;
};

template <class S>
consteval fg_schema describe_schema() {
  check_name_and_doc(S::kAbout.name, S::kAbout.doc);
  constexpr auto& derives = DerivePointers<typename DerivesOf<S>::Type>::kItems;
  fg_schema schema{};
  schema.struct_size = sizeof(fg_schema);
  schema.derive_count = static_cast<std::uint32_t>(derives.size());
  schema.name = S::kAbout.name;
  schema.version = S::kAbout.version;
  schema.doc = S::kAbout.doc;
  schema.columns = array_of(S::kColumns);
  schema.derives = derives.data();
  if constexpr (requires { S::kOptions; }) {
    static_assert(names_are_unique(S::kOptions), "two options of the schema have the same name");
#if FG_TARGET_MINOR >= 1
    static_assert(!has_list_options<S>(), "an option of a schema is no list: only_if compares single values");
#endif
    schema.options = array_of(S::kOptions);
  }
  return schema;
}

}  // namespace detail
}  // namespace fg
