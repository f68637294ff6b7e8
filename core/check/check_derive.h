// Calls one derive of a schema or a derived feature with cells that no capture would give, none at all, and outputs
// that nobody wants.
#pragma once

#include <string>
#include <string_view>

#include "core/check/rows.h"
#include "core/plugin/catalog.h"

namespace flowgauge {

// Whose derive it is.
struct DeriveOwner {
  std::string_view kind;  // "schema"
  const std::string& name;
  const Module& module;
};

// Empty, or what is wrong. `catalog` says which inputs may be null. The derive's code runs on this thread, then on two
// others at once.
[[nodiscard]] Finding check_derive(const DeriveOwner& owner, const Derive& derive, const Catalog& catalog);

}  // namespace flowgauge
