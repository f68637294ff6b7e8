#include "core/expression/comparison.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <compare>
#include <functional>

#include "core/expression/integer_kernel.h"

namespace flowgauge::expression {
namespace {

// `Holds` is std::less<> and its like: of two numbers, and of an order and 0.
template <class Holds>
struct Compare {
  static bool plain(const Call& call) {
    const auto* const a = call.in<std::int64_t>(0);
    const auto* const b = call.in<std::int64_t>(1);
    fill<std::uint8_t>(call, [&](std::uint32_t row) { return Holds()(a[row], b[row]); });
    return true;
  }
  static std::uint8_t exact(const Number& a, const Number& b) { return Holds()(compare(a, b), 0); }
};

template <class Holds>
void compare_reals(Call& call) {
  const auto* const a = call.in<double>(0);
  const auto* const b = call.in<double>(1);
  fill<std::uint8_t>(call, [&](std::uint32_t row) { return Holds()(a[row], b[row]); });
}

// Byte by byte.
template <class Holds>
void compare_texts(Call& call) {
  const auto* const a = call.in<fg_string>(0);
  const auto* const b = call.in<fg_string>(1);
  fill<std::uint8_t>(call, [&](std::uint32_t row) { return Holds()(text_of(a[row]), text_of(b[row])); });
}

template <class Holds>
constexpr Operator row(Expression::Kind kind, std::string_view sign) {
  return {kind,
          sign,
          ValueType::kBool,
          {integers<Compare<Holds>, 2>},
          {compare_reals<Holds>},
          ValueType::kBool,
          {compare_texts<Holds>}};
}

constexpr std::array kComparisons = {
    row<std::equal_to<>>(Expression::Kind::kEqual, "=="),
    row<std::not_equal_to<>>(Expression::Kind::kNotEqual, "!="),
    row<std::less<>>(Expression::Kind::kLess, "<"),
    row<std::less_equal<>>(Expression::Kind::kLessOrEqual, "<="),
    row<std::greater<>>(Expression::Kind::kGreater, ">"),
    row<std::greater_equal<>>(Expression::Kind::kGreaterOrEqual, ">="),
};

}  // namespace

const Operator& comparison_of(Expression::Kind kind) {
  const auto* const found = std::ranges::find(kComparisons, kind, &Operator::kind);
  assert(found != kComparisons.end());
  return *found;
}

}  // namespace flowgauge::expression
