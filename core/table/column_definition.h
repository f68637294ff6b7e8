// What an output column means, in the words of the columns that its expression reads. Stateless.
#pragma once

#include <string>
#include <string_view>

#include "core/plugin/catalog.h"

namespace flowgauge {

// "us(flow.duration)" -> "last_seen - first_seen"; of several columns "flow.src_ip: Address ...; flow.src_port: Port
// ...". What a derive of the schema makes has the derive's own words. Empty for an expression that cannot be read.
[[nodiscard]] std::string definition_text(std::string_view expression, const Catalog& catalog);

}  // namespace flowgauge
