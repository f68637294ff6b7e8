#include "core/engine/worker_threads.h"

#include <new>
#include <system_error>
#include <utility>

#include "core/base/crash_stack.h"
#include "core/base/log.h"
#include "core/engine/out_of_memory.h"

namespace flowgauge {

Result<void> WorkerThreads::start(std::vector<std::function<void()>> works) {
  try {
    threads_.reserve(works.size());
    for (std::function<void()>& work : works)
      threads_.emplace_back([this, work = std::move(work), log = bound_log()] {
        gate_.wait(Gate::kShut);
        if (gate_.load() == Gate::kGoHome) return;
        const LogScope scope(log);
        const CrashStack crash_stack;
        work();
      });
  } catch (const std::system_error& error) {
    send_home();
    return std::unexpected(no_thread(error));
  } catch (const std::bad_alloc&) {
    send_home();
    throw;
  }
  gate_ = Gate::kOpen;
  gate_.notify_all();
  return {};
}

void WorkerThreads::send_home() {
  gate_ = Gate::kGoHome;
  gate_.notify_all();
  threads_.clear();
}

}  // namespace flowgauge
