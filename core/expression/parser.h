// Reads the text of an expression (the grammar is in expression.h). Pure.
#pragma once

#include <cstddef>
#include <expected>
#include <string>
#include <string_view>

#include "core/expression/syntax.h"

namespace flowgauge::expression {

struct ExpressionError {
  std::size_t position = 0;  // in the text, from 1; one past its end where something is missing
  std::string message;
};

[[nodiscard]] std::expected<Expression, ExpressionError> parse_expression(std::string_view text);

}  // namespace flowgauge::expression
