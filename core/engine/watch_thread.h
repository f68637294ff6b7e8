// A thread that looks at something now and then, beside a run that may be held up.
#pragma once

#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <optional>
#include <string_view>
#include <thread>

namespace flowgauge {

class WatchThread {
 public:
  using TimePoint = std::chrono::steady_clock::time_point;
  // Looks, and says when to look again; nothing: never.
  using Look = std::function<std::optional<TimePoint>()>;

  WatchThread() = default;
  WatchThread(const WatchThread&) = delete;
  WatchThread& operator=(const WatchThread&) = delete;
  ~WatchThread() { stop(); }

  // Once; it looks at once. `what` it does: "watches the run", for the warning where no thread can be started. What
  // `look` refers to outlives the thread.
  void start(std::string_view what, Look look);
  // Waits for a look that has begun.
  void stop();

 private:
  void run();

  Look look_;
  std::mutex mutex_;
  std::condition_variable stopping_;
  bool is_stopping_ = false;
  std::thread thread_;
};

}  // namespace flowgauge
