#include "core/engine/out_of_memory.h"

#include "core/base/text.h"

namespace flowgauge {

Error out_of_memory(std::uint64_t max_flows) {
  return {ExitCode::kMemory,
          fmt::format("out of memory: lower flow.max_flows (now {}) in the profile, or give this process more memory",
                      with_thousands(max_flows))};
}

Error no_thread(const std::system_error& error) {
  return {
      ExitCode::kMemory,
      fmt::format("a thread cannot be started ({}): lower --threads, or raise the limits of memory and of processes",
                  error.code().message())};
}

}  // namespace flowgauge
