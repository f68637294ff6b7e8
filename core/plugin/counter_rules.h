// The rules for the counters of a feature. Stateless.
#pragma once

#include "core/plugin/descriptor_rules.h"
#include "core/plugin/module.h"

namespace flowgauge::rules {

// Judges them and copies them into the feature.
[[nodiscard]] Finding read_counters(Feature& feature);

}  // namespace flowgauge::rules
