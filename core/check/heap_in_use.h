// What this process has allocated and not freed. Where memory is not counted (sanitizers), always 0.
#pragma once

#include <malloc.h>

#include <cstddef>

#include "core/check/child.h"

namespace flowgauge {

[[nodiscard]] inline std::size_t heap_in_use_bytes() {
  if (!kMemoryIsCounted) return 0;
  const struct mallinfo2 info = ::mallinfo2();
  return info.uordblks + info.hblkhd;
}

}  // namespace flowgauge
