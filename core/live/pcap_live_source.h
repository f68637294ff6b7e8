// Live traffic through libpcap: one lane, the parser in user space. For machines where eBPF may not load, and for
// --filter.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/live/live_source.h"

namespace flowgauge {

// Attaches at once, as open_live_source() does. Fails (kPrivilege, kInput, kUsage) with the whole message.
[[nodiscard]] Result<std::unique_ptr<LiveSource>> open_pcap_live_source(const LiveOptions& options);

}  // namespace flowgauge
