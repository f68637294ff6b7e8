// A seed that no sender of packets can know.
#pragma once

#include <cstdint>

namespace flowgauge {

// From the kernel; any thread.
[[nodiscard]] std::uint64_t random_seed();

}  // namespace flowgauge
