// Something that is done again and again, as often as it is due when somebody looks.
#pragma once

#include <chrono>

namespace flowgauge {

class Recurring {
 public:
  using Clock = std::chrono::steady_clock;

  // `every` 0: never.
  Recurring(std::chrono::nanoseconds every, Clock::time_point first) : every_(every), next_(first) {}

  // One that was missed is not made up for.
  bool is_due(Clock::time_point now) {
    if (every_ <= std::chrono::nanoseconds(0) || now < next_) return false;
    next_ += every_;
    if (next_ <= now) next_ = now + every_;
    return true;
  }

 private:
  std::chrono::nanoseconds every_;
  Clock::time_point next_;
};

}  // namespace flowgauge
