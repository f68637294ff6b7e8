// Finds out what doctor.h judges: tries the kernel, asks for privileges, memory, clock and the interfaces' offloads.
#pragma once

#include <vector>

#include "core/app/doctor.h"
#include "core/host/interfaces.h"

namespace flowgauge {

// All but the plugins. Nothing of the host is changed.
[[nodiscard]] HostFacts facts_of_host(const std::vector<Interface>& interfaces);

}  // namespace flowgauge
