// Integers in two forms. Nearly all vectors hold integers of 63 bits at most and so do all results: then cells stay
// plain 64-bit integers. One row that does not fit, and the whole vector is worked out on Number.
#pragma once

#include <cstddef>
#include <type_traits>
#include <utility>

#include "core/expression/kernel.h"

namespace flowgauge::expression {

// The numbers of an integer operand, however they are kept.
inline const Number* numbers(const Call& call, std::size_t operand) {
  if (call.operands[operand]->form == Form::kExact) return call.in<Number>(operand);
  Number* const out = call.scratch->widened[operand].data();
  const auto* const cells = call.in<std::int64_t>(operand);
  for (std::uint32_t row = 0; row < call.rows; ++row) out[row] = to_number(cells[row]);
  return out;
}

// Work has two ways: plain(call) for plain operands, which says whether it holds for all rows, and exact(a, ...) for a
// row.
template <class Work, std::size_t... I>
void integers(Call& call, std::index_sequence<I...>) {
  using Out = decltype(Work::exact(numbers(call, I)[0]...));
  constexpr bool kIsInteger = std::is_same_v<Out, Number>;
  if (((call.operands[I]->form == Form::kPlain) && ...) && Work::plain(call)) {
    call.out->form = kIsInteger ? Form::kPlain : Form::kCells;
    return;
  }
  const std::array<const Number*, sizeof...(I)> exact{numbers(call, I)...};
  fill<Out>(call, [&](std::uint32_t row) { return Work::exact(exact[I][row]...); });
  call.out->form = kIsInteger ? Form::kExact : Form::kCells;
}

template <class Work, std::size_t Operands>
void integers(Call& call) {
  integers<Work>(call, std::make_index_sequence<Operands>());
}

}  // namespace flowgauge::expression
