// The columns `flow.*`, which the host itself knows of a flow: a feature like any other in the catalog, without
// state of its own. docs/columns.md has the definitions.
#pragma once

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Static. Its records are those of FlowTable.
const fg_feature& flow_feature();

}  // namespace flowgauge
