#include "core/view/rate_history.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace flowgauge {
namespace {

constexpr std::chrono::seconds kSecond{1};
constexpr std::size_t kLevels = 8;
constexpr std::array<std::string_view, kLevels> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, kLevels> kAscii = {".", ":", "-", "=", "+", "*", "%", "#"};

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
  const auto first = values.end() - static_cast<std::ptrdiff_t>(count);
  const double greatest = count == 0 ? 0 : *std::max_element(first, values.end());
  std::string text(width - count, ' ');
  for (auto value = first; value != values.end(); ++value) {
    if (*value <= 0) {
      text += ' ';
      continue;
    }
    const auto level = static_cast<std::size_t>(std::ceil(*value / greatest * kLevels));
    text += (glyphs == Glyphs::kBlocks ? kBlocks : kAscii)[std::clamp<std::size_t>(level, 1, kLevels) - 1];
  }
  return text;
}

std::string clock_text(std::chrono::nanoseconds elapsed) {
  const auto seconds = std::chrono::duration_cast<std::chrono::seconds>(elapsed).count();
  if (seconds < 3600) return fmt::format("{}:{:02}", seconds / 60, seconds % 60);
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string short_number(double value) {
  static constexpr std::array<std::string_view, 5> kUnits = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  if (unit == 0) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}{}", value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, kUnits[unit]);
}

}  // namespace flowgauge
