// The numbers of an IP and a TCP header that not every run computes (fg_fields; docs/semantics.md, section 1).
// Stateless.
#pragma once

#include <cstdint>
#include <span>

#include "core/packet/event.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// `headers` are the packet's, as captured: from the IP header's first byte on (parse/copied.h). Empty: all is 0.
[[nodiscard]] fg_fields header_fields(const packet_event& event, std::span<const std::uint8_t> headers);

}  // namespace flowgauge
