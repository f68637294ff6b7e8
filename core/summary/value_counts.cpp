#include "core/summary/value_counts.h"

#include <algorithm>
#include <cmath>

namespace flowgauge {

std::uint64_t DistinctCount::estimate() const {
  const auto registers = static_cast<double>(registers_.size());
  double sum = 0;
  std::size_t empty = 0;
  for (const std::uint8_t rank : registers_) {
    sum += std::ldexp(1.0, -static_cast<int>(rank));
    empty += rank == 0 ? 1 : 0;
  }
  const double raw = 0.7213 / (1 + 1.079 / registers) * registers * registers / sum;
  const bool is_small = raw <= 2.5 * registers && empty > 0;
  return static_cast<std::uint64_t>(
      std::llround(is_small ? registers * std::log(registers / static_cast<double>(empty)) : raw));
}

void ValueCounts::add(std::string_view value, std::uint64_t hash, std::uint64_t times) {
  if (last_ != nullptr && hash == last_hash_) {
    last_->rows += times;
    return;
  }
  distinct_.add(hash);
  auto place = counts_.find(hash);
  if (place == counts_.end()) {
    if (counts_.size() >= kMost) {
      others_ += times;
      return;
    }
    place = counts_.try_emplace(hash, Count{std::string(value.substr(0, kLongestValue)), 0}).first;
  }
  place->second.rows += times;
  last_ = &place->second;
  last_hash_ = hash;
}

std::vector<ValueShare> ValueCounts::greatest(std::size_t most) const {
  std::vector<ValueShare> all;
  all.reserve(counts_.size());
  for (const auto& [hash, count] : counts_) all.push_back({count.value, count.rows});
  const auto is_before = [](const ValueShare& a, const ValueShare& b) {
    return a.rows != b.rows ? a.rows > b.rows : a.value < b.value;
  };
  const auto end = all.begin() + static_cast<std::ptrdiff_t>(std::min(most, all.size()));
  std::partial_sort(all.begin(), end, all.end(), is_before);
  all.erase(end, all.end());
  return all;
}

}  // namespace flowgauge
