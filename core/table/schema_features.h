// Which features a schema speaks of: what must be loaded before it can be bound.
#pragma once

#include <map>
#include <string>

#include "core/table/schema.h"

namespace flowgauge {

// First words of all column names in expressions and derive inputs, without the schema's own name where that means its
// derives; and where each is named first, as a message begins. Expressions that cannot be read are passed over:
// bind_schema says what is wrong with them.
[[nodiscard]] std::map<std::string, std::string> features_named_in(const SchemaDefinition& definition);

}  // namespace flowgauge
