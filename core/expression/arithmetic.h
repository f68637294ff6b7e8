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
  ValueType of_integers;  // what it makes of integers; of doubles it makes doubles
  Operation integers;
  Operation reals;
};

[[nodiscard]] const Operator& operator_of(Expression::Kind kind);

// From any number to kInteger, kReal, kU64 or kI64; to the last two with null where a cell does not fit.
[[nodiscard]] const Operation& conversion(ValueType from, ValueType to);

}  // namespace flowgauge::expression
