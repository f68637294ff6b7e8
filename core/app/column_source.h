// Where the definition of a column is written: the section of docs/semantics.md, and the standard behind it. Stateless.
#pragma once

#include <string>

#include "core/plugin/catalog.h"

namespace flowgauge {

// "semantics 2; RFC 5952"; of a third party's feature: "plugin NAME VERSION".
[[nodiscard]] std::string column_source(const CatalogColumn& column);

}  // namespace flowgauge
