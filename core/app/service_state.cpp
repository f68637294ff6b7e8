#include "core/app/service_state.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/log.h"

namespace flowgauge {

std::unique_ptr<ServiceState> ServiceState::of_environment() {
  auto manager = ServiceManager::of_environment();
  if (!manager) log_warning("{}", manager.error().message);
  if (!manager || !*manager) return nullptr;
  return std::make_unique<ServiceState>(std::move(**manager));
}

void ServiceState::watch(Observer& observer) {
  observer.status = [this, others = std::move(observer.status)](const RunStatus& status) {
    moved_.store(status.elapsed);
    if (others) others(status);
  };
  observer.steady = [this, others = std::move(observer.steady)](const RunStatus& status) {
    tell(status);
    if (others) others(status);
  };
  if (const auto limit = manager_.watchdog())
    observer.steadily_every = std::min<std::chrono::nanoseconds>(observer.steadily_every, *limit / 4);
}

// The run's thread may wait for whoever reads an output: that is said, and a new start would not help.
bool ServiceState::is_alive(const RunStatus& status) const {
  return status.elapsed - moved_.load() < *manager_.watchdog() || status.lag.in_write.count() > 0;
}

void ServiceState::tell(const RunStatus& status) {
  std::string lines;
  if (!std::exchange(is_ready_, true)) lines += "READY=1\n";
  if (status.phase != RunStatus::Phase::kRunning && !std::exchange(is_ending_, true)) lines += "STOPPING=1\n";
  if (manager_.watchdog() && is_alive(status)) lines += "WATCHDOG=1\n";
  lines += fmt::format("STATUS={}\n", live_line(status, rate_));
  manager_.tell(lines);
}

}  // namespace flowgauge
