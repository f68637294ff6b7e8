// Out of memory is an error like any other: it ends a run in order, and says what to change.
#pragma once

#include <cstdint>
#include <new>
#include <system_error>
#include <utility>

#include "core/base/result.h"

namespace flowgauge {

[[nodiscard]] Error out_of_memory(std::uint64_t max_flows);
// Of a thread that could not be started.
[[nodiscard]] Error no_thread(const std::system_error& error);

// What `work` returns, a Result; where it throws std::bad_alloc, that error. For the edge of a thread, and of what
// others call.
template <class Work>
[[nodiscard]] auto memory_permitting(std::uint64_t max_flows, const Work& work) -> decltype(work()) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return std::unexpected(out_of_memory(max_flows));
  }
}

}  // namespace flowgauge
