#include "core/engine/watch_thread.h"

#include <system_error>
#include <utility>

#include "core/base/crash_stack.h"
#include "core/base/log.h"

namespace flowgauge {

void WatchThread::start(std::string_view what, Look look) {
  look_ = std::move(look);
  try {
    thread_ = std::thread([this, log = bound_log()] {
      const LogScope scope(log);
      const CrashStack crash_stack;
      run();
    });
  } catch (const std::system_error& error) {
    log_warning("no thread can be started that {}: {}", what, error.what());
  }
}

void WatchThread::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    lock.unlock();
    const std::optional<TimePoint> next = look_();
    lock.lock();
    if (!next) return;
    stopping_.wait_until(lock, *next, [this] { return is_stopping_; });
  }
}

void WatchThread::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

}  // namespace flowgauge
