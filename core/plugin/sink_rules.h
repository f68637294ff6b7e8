// Judges the descriptor of a sink. Stateless.
#pragma once

#include <string>

#include "core/base/result.h"
#include "core/plugin/module.h"

namespace flowgauge {

[[nodiscard]] Result<Sink> read_sink(const fg_sink* table, const std::string& path);

}  // namespace flowgauge
