#include "core/engine/column_origin.h"

#include <fmt/format.h>

#include "core/table/column_definition.h"

namespace flowgauge {

ColumnOrigin column_origin(const Plan& plan, const PlannedOutput& output, std::size_t column) {
  if (column >= output.schema.columns.size())
    return {"label", "", fmt::format("Label of the first rule of {} that the flow meets", plan.labels->file.path)};
  const std::string& expression = output.schema.expressions[column];
  return {"feature", expression, definition_text(expression, plan.catalog)};
}

}  // namespace flowgauge
