// Some columns of a table, in place of all: what nobody asked for is neither bound nor computed. Set-up only.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/engine/plan.h"
#include "core/table/schema.h"

namespace flowgauge {

// Leaves the definition the columns that are named, in the order of their names; the labels likewise, or takes them
// away where none of their columns is named. Label columns stay behind the others. A name that is unknown, or there
// twice, is kUsage; so are names of label columns alone.
[[nodiscard]] Result<void> choose_columns(std::span<const std::string> names, SchemaDefinition& definition,
                                          std::optional<PlannedLabels>& labels);

// A column that was named may have been excluded by its classes: then it is refused, and not left out in silence.
[[nodiscard]] Result<void> expect_chosen(std::span<const std::string> names, const BoundSchema& bound);

}  // namespace flowgauge
