// The rules for the packet filters of a feature. Stateless.
#pragma once

#include "core/plugin/descriptor_rules.h"
#include "core/plugin/module.h"

namespace flowgauge::rules {

// Judges them and copies them into the feature, whose columns must be there: they reveal class port where a filter
// tells a port.
[[nodiscard]] Finding read_packet_filters(Feature& feature);

}  // namespace flowgauge::rules
