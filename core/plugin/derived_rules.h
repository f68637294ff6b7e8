// Judges the descriptors of a derived feature. That its inputs are there is for the catalog to say (derived_feature.h).
// Stateless.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/plugin/module.h"

namespace flowgauge {

[[nodiscard]] Result<Feature> read_derived(const fg_derived* table, const std::string& path);

}  // namespace flowgauge
