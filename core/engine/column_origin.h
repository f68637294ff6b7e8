// Where a column of an output comes from: for those who read the table later.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "core/engine/plan.h"

namespace flowgauge {

struct ColumnOrigin {
  std::string_view role;   // "feature", or "label": a target, not an input of a model
  std::string expression;  // empty for a label
  std::string definition;
};

[[nodiscard]] ColumnOrigin column_origin(const Plan& plan, const PlannedOutput& output, std::size_t column);

}  // namespace flowgauge
