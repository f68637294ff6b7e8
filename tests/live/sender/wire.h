// One end of a cable, to send whole frames from.
#pragma once

#include <cstdint>
#include <string>

#include "core/base/handle.h"
#include "core/base/result.h"

namespace flowgauge {

enum class Egress {
  kThroughHooks,
  kBypassed
};  // kBypassed: faster, but programs at the interface's egress see nothing

// `name_space` as `ip netns` names it; the calling thread stays where it is. What is sent there is not received back.
[[nodiscard]] Result<FileDescriptor> open_wire(const std::string& name_space, const std::string& interface,
                                               Egress egress);

// All softirq work of a frame is then done on this processor too, in order.
[[nodiscard]] Result<void> stay_on_cpu(int cpu);

[[nodiscard]] std::int64_t monotonic_ns();
void sleep_until_ns(std::int64_t monotonic);

}  // namespace flowgauge
