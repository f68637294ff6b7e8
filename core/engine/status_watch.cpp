#include "core/engine/status_watch.h"

#include <new>
#include <system_error>
#include <utility>

#include "core/base/crash_stack.h"
#include "core/base/log.h"

namespace flowgauge {

StatusWatch::StatusWatch(const Observer& observer, std::span<const std::unique_ptr<Shard>> shards,
                         const OutputSet& outputs, StatusFeed::DescribeSource describe_source,
                         StatusFeed::TimePoint start)
    : steady_{.status = observer.steady, .every = observer.steadily_every},
      feed_(steady_, shards, outputs, std::move(describe_source), start, StatusFeed::First::kAtOnce) {
  if (!steady_.status) return;
  try {
    thread_ = std::jthread([this, log = bound_log()] {
      const LogScope scope(log);
      const CrashStack crash_stack;
      run();
    });
  } catch (const std::system_error& error) {
    log_warning("no thread can be started that watches the run: {}", error.what());
  }
}

void StatusWatch::run() {
  std::unique_lock lock(mutex_);
  while (!is_stopping_) {
    lock.unlock();
    try {
      feed_.tell();
    } catch (const std::bad_alloc&) {  // the run has its own sentence for it
    }
    lock.lock();
    stopping_.wait_for(lock, steady_.every, [this] { return is_stopping_; });
  }
}

void StatusWatch::stop() {
  if (!thread_.joinable()) return;
  {
    const std::scoped_lock lock(mutex_);
    is_stopping_ = true;
  }
  stopping_.notify_all();
  thread_.join();
}

void StatusWatch::tell_end() {
  stop();
  feed_.tell_end();
}

}  // namespace flowgauge
