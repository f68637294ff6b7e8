// Tells a service manager what becomes of a run: that it is ready, what it does, that it is alive, that it ends.
#pragma once

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>

#include "core/app/live_line.h"
#include "core/engine/observer.h"
#include "core/host/service_manager.h"

namespace flowgauge {

class ServiceState {
 public:
  // Of the manager that started the program; null: there is none. One that cannot be reached is warned of.
  [[nodiscard]] static std::unique_ptr<ServiceState> of_environment();
  explicit ServiceState(ServiceManager manager) : manager_(std::move(manager)) {}

  // Adds itself to those who watch, and outlives the run.
  void watch(Observer& observer);

 private:
  void tell(const RunStatus& status);
  [[nodiscard]] bool is_alive(const RunStatus& status) const;

  ServiceManager manager_;
  std::atomic<std::chrono::nanoseconds> moved_{std::chrono::nanoseconds(0)};  // when the run's own thread was last here
  bool is_ready_ = false;
  bool is_ending_ = false;
  LiveRate rate_;
};

}  // namespace flowgauge
