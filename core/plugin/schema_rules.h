// Judges the descriptors of a schema and of its derives. Expressions are only known to be there: core/expression reads
// them. Stateless.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/plugin/module.h"

namespace flowgauge {

[[nodiscard]] Result<Schema> read_schema(const fg_schema* table, const std::string& path);

}  // namespace flowgauge
