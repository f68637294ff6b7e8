// What emit is shown of flows whose rows are due, or of packets.
#pragma once

#include <span>

#include "core/packet/batch.h"

namespace flowgauge {

// Replaces the contents of `views`; keys, first_seen_ns and tags are filled only with the need (fg_needs) for them.
void view_flows(std::span<const Release> releases, fg_needs needs, FlowViews& views);

// The same of packets, each with its flow. `views` refers to the batch. It has never been of flows.
void view_packets(const PacketBatch& batch, FlowViews& views);

}  // namespace flowgauge
