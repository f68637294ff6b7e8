// The loops that take one cell or another: if() and coalesce(), for cells of each type.
#pragma once

#include "core/expression/kernel.h"
#include "core/expression/value_type.h"

namespace flowgauge::expression {

// Operands: a boolean, then two of `type`.
[[nodiscard]] const Operation& choice_by_condition(ValueType type);
// Operands: two of `type`.
[[nodiscard]] const Operation& choice_of_not_null(ValueType type);

}  // namespace flowgauge::expression
