#include "core/view/rate_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace flowgauge {
namespace {

constexpr std::chrono::seconds kSecond{1};

}  // namespace

double RateHistory::between(const Point& first, const Point& last) {
  const double seconds = std::chrono::duration<double>(last.elapsed - first.elapsed).count();
  return seconds > 0 ? static_cast<double>(last.total - first.total) / seconds : 0;
}

void RateHistory::add(std::chrono::nanoseconds elapsed, std::uint64_t total) {
  const Point point{elapsed, total};
  if (points_.empty()) second_ = point;
  points_.push_back(point);
  while (points_.size() > 2 && points_[1].elapsed + kSecond <= elapsed) points_.pop_front();
  if (elapsed < second_.elapsed + kSecond) return;
  // Nobody looked for a while: each of the seconds had its share.
  for (auto over = (elapsed - second_.elapsed) / kSecond; over > 0; --over) seconds_.push_back(between(second_, point));
  while (seconds_.size() > kSeconds) seconds_.pop_front();
  second_ = point;
}

double RateHistory::now() const { return points_.empty() ? 0 : between(points_.front(), points_.back()); }

std::string sparkline(const std::deque<double>& values, std::size_t width, Glyphs glyphs) {
  const std::size_t count = std::min(width, values.size());
  const std::vector<double> last(values.end() - static_cast<std::ptrdiff_t>(count), values.end());
  return std::string(width - count, ' ') + bars(last, glyphs);
}

std::string clock_text(std::chrono::nanoseconds elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

}  // namespace flowgauge
