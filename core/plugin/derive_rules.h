// Judges the derives of a schema or of a derived feature. Stateless.
#pragma once

#include <cstdint>
#include <vector>

#include "core/plugin/descriptor_rules.h"
#include "core/plugin/module.h"

namespace flowgauge::rules {

// Copies them into `derives`: each one whole, no output's name twice in all of them.
[[nodiscard]] Finding read_derives(const fg_derive* const* table, std::uint32_t count, std::vector<Derive>& derives);

}  // namespace flowgauge::rules
