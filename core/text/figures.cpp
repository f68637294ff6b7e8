#include "core/text/figures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::size_t kLevels = 8;
constexpr std::array<std::string_view, kLevels> kBlocks = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
constexpr std::array<std::string_view, kLevels> kAscii = {".", ":", "-", "=", "+", "*", "%", "#"};
constexpr double kWholeFrom = 1000;    // decimals say nothing more
constexpr double kLongFrom = 999'999;  // then without thousands, to stay short
constexpr double kLongTo = 99'999'999;
constexpr std::size_t kMostDigits = 7;

}  // namespace

std::string bars(std::span<const double> values, Glyphs glyphs) {
  const double greatest = values.empty() ? 0 : std::ranges::max(values);
  std::string text;
  for (const double value : values) {
    if (value <= 0) {
      text += ' ';
      continue;
    }
    const auto level = static_cast<std::size_t>(std::ceil(value / greatest * kLevels));
    text += (glyphs == Glyphs::kBlocks ? kBlocks : kAscii)[std::clamp<std::size_t>(level, 1, kLevels) - 1];
  }
  return text;
}

std::string short_number(double value) {
  static constexpr std::array<std::string_view, 5> kUnits = {"", " k", " M", " G", " T"};
  std::size_t unit = 0;
  for (; value >= 999.5 && unit + 1 < kUnits.size(); ++unit) value /= 1000;
  if (unit == 0) return fmt::format("{:.0f}", value);
  return fmt::format("{:.{}f}{}", value, value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2, kUnits[unit]);
}

std::string figure(double value) {
  const double size = std::abs(value);
  const bool is_whole = size == std::floor(size) || size >= kWholeFrom;
  std::string text;
  if (is_whole && size < kLongFrom) {
    text = with_thousands(static_cast<std::uint64_t>(std::round(size)));
  } else if (is_whole && size < kLongTo) {
    text = fmt::format("{:.0f}", size);
  } else {
    text = fmt::format("{:.4g}", size);
    if (text.size() > kMostDigits) text = fmt::format("{:.2g}", size);
  }
  return value < 0 ? "-" + text : text;
}

}  // namespace flowgauge
