// The rules for options in descriptors: types, defaults, ranges, choices. As those of descriptor_rules.h. Stateless.
#pragma once

#include <vector>

#include "core/plugin/descriptor_rules.h"

namespace flowgauge::rules {

enum class OptionsOf : std::uint8_t { kFeature, kSchema, kSink };

// Judges the options of a feature, schema or sink, and copies them.
[[nodiscard]] Finding read_options(const fg_array& table, OptionsOf whose, std::vector<fg_option>& options);

}  // namespace flowgauge::rules
