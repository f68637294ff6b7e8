// The columns `flow.*`, which the host itself knows of a flow: a feature like any other in the catalog, without
// state of its own. docs/columns.md has the definitions.
#pragma once

#include <array>
#include <string_view>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Static. Its records are those of FlowTable, and what it emits to is a HostEmit.
const fg_feature& flow_feature();

// The columns that a run's rows are sorted by, the first of them first: frame, cause, deadline, creation.
inline constexpr std::array<std::string_view, 4> kReleaseColumns = {"flow.release_frame", "flow.release_cause",
                                                                    "flow.release_deadline", "flow.release_creation"};

}  // namespace flowgauge
