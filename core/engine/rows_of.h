// What a run has a row for. A table that reads columns of `packet` has a row for each packet; all tables of a run
// agree.
#pragma once

#include <cstdint>

#include "core/base/result.h"

namespace flowgauge {

struct Plan;

enum class RowsOf : std::uint8_t { kFlows, kPackets };

// Of outputs whose columns are bound. Rows of packets have columns of `packet`, and those of `flow` that a flow's first
// packet decides; no labels. The error says what does not fit.
[[nodiscard]] Result<RowsOf> rows_of(const Plan& plan);

}  // namespace flowgauge
