// The loops of operators and of conversions between types of numbers.
#pragma once

#include <string_view>

#include "core/expression/kernel.h"
#include "core/expression/syntax.h"
#include "core/expression/value_type.h"

namespace flowgauge::expression {

struct Operator {
  Expression::Kind kind;
  std::string_view sign;
  ValueType of_integers;  // what it makes of integers
  Operation integers;
  Operation reals;
  ValueType of_reals = ValueType::kReal;
  Operation texts{};  // of those that take texts, too; they make of them what they make of doubles
};

[[nodiscard]] const Operator& operator_of(Expression::Kind kind);

// From any number to kInteger, kReal, kU64 or kI64; to the last two with null where a cell does not fit. From any
// integer to kBool: whether it is not 0.
[[nodiscard]] const Operation& conversion(ValueType from, ValueType to);

}  // namespace flowgauge::expression
