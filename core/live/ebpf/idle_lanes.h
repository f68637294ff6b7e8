// Where lanes sleep to which nothing comes. One thread looks at all their rings, about ten times a second, and wakes
// those that have something, so that a quiet run wakes up no more often with many rings than with one. The thread
// begins with the first lane that sleeps, and looks at nothing while all are awake.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <thread>
#include <vector>

namespace flowgauge {

class IdleLanes {
 public:
  // `has_events`: of a lane's ring, from the thread that looks; `look_every`: no ring may fill up in that time.
  IdleLanes(std::size_t lanes, std::chrono::nanoseconds look_every, std::function<bool(std::size_t lane)> has_events);
  IdleLanes(const IdleLanes&) = delete;
  IdleLanes& operator=(const IdleLanes&) = delete;
  ~IdleLanes();

  // Until the lane's ring has something, the wall clock was set, the lanes are stopped, or so much time is over; none:
  // without end. False: no thread can be started; nothing was waited for.
  bool sleep(std::size_t lane, std::optional<std::chrono::nanoseconds> longest);
  // From here on nobody sleeps.
  void stop() noexcept;

 private:
  struct Lane {
    std::condition_variable wakes;
    bool sleeps = false;
  };
  void look();
  [[nodiscard]] bool start();
  void wake(Lane& lane);

  const std::chrono::nanoseconds look_every_;
  const std::function<bool(std::size_t)> has_events_;
  std::mutex mutex_;
  std::vector<Lane> lanes_;
  std::size_t sleeping_ = 0;
  bool is_stopped_ = false;
  std::condition_variable begins_;  // a lane sleeps, or all are stopped
  std::thread thread_;
};

}  // namespace flowgauge
