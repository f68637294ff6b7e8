// What emit is shown of flows whose rows are due.
#pragma once

#include <span>

#include "core/packet/batch.h"

namespace flowgauge {

// Replaces the contents of `views`; keys, first_seen_ns and tags are filled only with the need (fg_needs) for them.
void view_flows(std::span<const Release> releases, fg_needs needs, FlowViews& views);

}  // namespace flowgauge
