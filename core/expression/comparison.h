// Comparison operators: what they make is a boolean.
#pragma once

#include "core/expression/arithmetic.h"

namespace flowgauge::expression {

// kEqual, kNotEqual, kLess, ...
[[nodiscard]] const Operator& comparison_of(Expression::Kind kind);

}  // namespace flowgauge::expression
