// The bytes of a library in a file of memory alone, which nobody can change any more: what was hashed and judged is
// what runs, to the end, whatever becomes of the file that it was read from.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "core/base/handle.h"

namespace flowgauge {

// `name` is for /proc/PID/maps. No descriptor where the system does not let code run from such a file.
[[nodiscard]] FileDescriptor sealed_copy(std::span<const std::uint8_t> bytes, const std::string& name);

}  // namespace flowgauge
