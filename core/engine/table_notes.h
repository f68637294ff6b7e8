// What record batches of an output say of themselves and their columns, for those who read the table.
#pragma once

#include "core/engine/plan.h"

namespace flowgauge {

[[nodiscard]] TableNotes table_notes(const Plan& plan, const PlannedOutput& output);

}  // namespace flowgauge
