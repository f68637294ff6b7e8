// What the program says about memory before a run: it may be that of the whole machine.
#pragma once

#include <cstdint>

#include "core/engine/plan.h"

namespace flowgauge {

// Says how much memory max_flows can take, before the first packet needs it. To a terminal alone, unless it is too
// much.
// `waiting_bytes`: what packets wait in beside that.
void show_memory(const Plan& plan, std::uint64_t waiting_bytes = 0);

}  // namespace flowgauge
