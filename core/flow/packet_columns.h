// The columns `packet.*`, one row for each packet: what tables of packets are made of. A family in the catalog like
// `flow`. docs/columns.md has the definitions.
#pragma once

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// Static. What it emits to is a HostEmit with a batch of packets.
const fg_feature& packet_feature();

}  // namespace flowgauge
