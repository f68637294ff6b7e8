#include "core/engine/memory_room.h"

#include <unistd.h>

#include <algorithm>

#include "core/base/log.h"
#include "core/base/text.h"

namespace flowgauge {

void show_memory(const Plan& plan, std::uint64_t waiting_bytes) {
  constexpr std::uint64_t kBesideRecords = 72;  // slots at their lowest load, timer links, free list, ended flows
  const std::uint64_t most = plan.rules.max_flows * (plan.layout.size_bytes + kBesideRecords);
  const auto installed =
      static_cast<std::uint64_t>(::sysconf(_SC_PHYS_PAGES)) * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  const bool more = std::ranges::any_of(
      plan.active, [](const ActiveFeature& active) { return active.feature->table.release != nullptr; });
  const std::string room =
      fmt::format("room for {} flows of {} bytes: at most {} of memory{}", with_thousands(plan.rules.max_flows),
                  plan.layout.size_bytes, human_bytes(most), more ? ", besides what features keep of some flows" : "") +
      (waiting_bytes == 0 ? "" : fmt::format("; {} for packets that wait", human_bytes(waiting_bytes)));
  if (most + waiting_bytes > installed)
    log_warning("{}, but this machine has {}; lower flow.max_flows in the profile", room, human_bytes(installed));
  else if (::isatty(STDERR_FILENO) == 1)  // for who watches; nothing where messages are collected
    log_info("{}", room);
}

}  // namespace flowgauge
