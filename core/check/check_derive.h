// Calls one derive of a schema with cells that no capture would give, none at all, and outputs that nobody wants.
#pragma once

#include "core/check/rows.h"
#include "core/plugin/catalog.h"

namespace flowgauge {

// Empty, or what is wrong. `catalog` says which inputs may be null. The derive's code runs on this thread.
[[nodiscard]] Finding check_derive(const Schema& schema, const Derive& derive, const Catalog& catalog);

}  // namespace flowgauge
