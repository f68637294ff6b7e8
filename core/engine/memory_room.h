// What the program says about memory before a run: it may be that of the whole machine.
#pragma once

#include "core/engine/plan.h"

namespace flowgauge {

// Says how much memory max_flows can take, before the first packet needs it. To a terminal alone, unless it is too
// much.
void show_memory(const Plan& plan);

}  // namespace flowgauge
