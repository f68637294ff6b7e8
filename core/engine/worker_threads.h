// The threads of a run. They begin to work when all of them are there, so that a run whose threads cannot be started
// has not begun. Each is bound to the log of the thread that starts them.
#pragma once

#include <atomic>
#include <functional>
#include <thread>
#include <vector>

#include "core/base/result.h"

namespace flowgauge {

class WorkerThreads {
 public:
  WorkerThreads() = default;
  WorkerThreads(const WorkerThreads&) = delete;
  WorkerThreads& operator=(const WorkerThreads&) = delete;
  // Waits for all of them.
  ~WorkerThreads() = default;

  // Once. None works if it fails, or throws for want of memory.
  [[nodiscard]] Result<void> start(std::vector<std::function<void()>> works);

 private:
  enum class Gate { kShut, kOpen, kGoHome };
  void send_home();

  std::atomic<Gate> gate_{Gate::kShut};
  std::vector<std::jthread> threads_;
};

}  // namespace flowgauge
