// Whether the kernel has tc's clsact hook with eBPF filters. Tried on the loopback interface of a network namespace
// that ends with the child process which made it.
#pragma once

#include "core/host/kernel_probe.h"

namespace flowgauge {

// `program_fd`: a loaded program of type SCHED_CLS, or -1 to try the hook alone.
[[nodiscard]] Probe probe_clsact(int program_fd);

}  // namespace flowgauge
