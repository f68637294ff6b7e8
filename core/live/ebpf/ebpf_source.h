// Live traffic through the kernel program: bpf/capture.bpf.c, attached to each interface and direction.
#pragma once

#include <memory>

#include "core/base/result.h"
#include "core/live/live_source.h"

namespace flowgauge {

// Loads, attaches and opens the rings. Fails with the whole message; nothing stays attached then.
[[nodiscard]] Result<std::unique_ptr<LiveSource>> open_ebpf_source(const LiveOptions& options);

// Whether this build has it at all.
[[nodiscard]] bool ebpf_is_built();

}  // namespace flowgauge
