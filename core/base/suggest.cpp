#include "core/base/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace flowgauge {
namespace {

// Longer texts are no typing mistake of a name, and the distance takes quadratic time.
constexpr std::size_t kLongestName = 128;

std::string folded(std::string_view text) {
  std::string result(text);
  for (char& letter : result) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
    if (letter == '-') letter = '_';
  }
  return result;
}

}  // namespace

std::size_t edit_distance(std::string_view left, std::string_view right) {
  const std::size_t width = right.size() + 1;
  std::vector<std::size_t> before_last(width), last(width), current(width);
  for (std::size_t j = 0; j < width; ++j) last[j] = j;
  for (std::size_t i = 1; i <= left.size(); ++i) {
    current[0] = i;
    for (std::size_t j = 1; j < width; ++j) {
      const std::size_t replaced = last[j - 1] + (left[i - 1] == right[j - 1] ? 0 : 1);
      current[j] = std::min({replaced, last[j] + 1, current[j - 1] + 1});
      const bool swapped = i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1];
      if (swapped) current[j] = std::min(current[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, current);
  }
  return last[right.size()];
}

std::optional<std::string> suggest(std::string_view wrong, std::span<const std::string> names) {
  if (wrong.empty() || wrong.size() > kLongestName) return std::nullopt;
  const std::string wanted = folded(wrong);
  const std::string* nearest = nullptr;
  std::size_t least = 0;
  for (const std::string& name : names) {
    const std::size_t longer = std::max(wrong.size(), name.size());
    if (name.empty() || longer > kLongestName) continue;
    // Two edits in a short name make another name; one is always forgiven from three letters on.
    const std::size_t limit = longer / 3;
    const std::size_t distance = edit_distance(wanted, folded(name));
    if (distance > limit || (nearest != nullptr && distance >= least)) continue;
    nearest = &name;
    least = distance;
  }
  if (nearest == nullptr) return std::nullopt;
  return *nearest;
}

std::string did_you_mean(std::string_view wrong, std::span<const std::string> names) {
  const std::optional<std::string> name = suggest(wrong, names);
  return name ? fmt::format("; did you mean '{}'?", *name) : std::string();
}

}  // namespace flowgauge
