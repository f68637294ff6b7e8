// How fast a number grows: now, and in each of the last seconds. Pure: the time is the caller's.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <span>
#include <string>

#include "core/text/figures.h"

namespace flowgauge {

class RateHistory {
 public:
  static constexpr std::size_t kSeconds = 240;  // that are kept

  // The number at a time of the run. Times ascend, and so does the number.
  void add(std::chrono::nanoseconds elapsed, std::uint64_t total);

  // A second, over the last second or more; 0 before there are two numbers.
  [[nodiscard]] double now() const;
  // Of each whole second that is over, the newest last.
  [[nodiscard]] const std::deque<double>& seconds() const { return seconds_; }

 private:
  struct Point {
    std::chrono::nanoseconds elapsed;
    std::uint64_t total;
  };
  static double between(const Point& first, const Point& last);

  std::deque<Point> points_;  // of the last second, and the one before them
  Point second_{};            // where the second that is not over began
  std::deque<double> seconds_;
};

// A bar for each of the last `width` values, of their greatest; in front of them spaces where there are fewer.
[[nodiscard]] std::string sparkline(const std::deque<double>& values, std::size_t width, Glyphs glyphs);

// "0:12", "1:02:03".
[[nodiscard]] std::string clock_text(std::chrono::nanoseconds elapsed);

}  // namespace flowgauge
