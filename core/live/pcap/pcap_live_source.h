// Live traffic through libpcap, where the kernel program may not load, or for --filter: one lane for all interfaces.
#pragma once

#include <memory>

#include "core/live/live_source.h"

namespace flowgauge {

// As open_live_source(), by this method alone. LiveOptions::rings does not count; ring_bytes is each interface's
// buffer.
// Of each interface.
[[nodiscard]] std::uint64_t pcap_buffer_bytes(const CaptureChoices& choices);

[[nodiscard]] Result<std::unique_ptr<LiveSource>> open_pcap_live_source(const LiveOptions& options);

}  // namespace flowgauge
