#include "core/summary/time_histogram.h"

#include <algorithm>
#include <cmath>

namespace flowgauge {

void TimeHistogram::add(std::int64_t time_ns) {
  if (count_ == 0) {
    first_ns_ = last_ns_ = lowest_ = highest_ = time_ns;
    shift_ = 0;
  }
  first_ns_ = std::min(first_ns_, time_ns);
  last_ns_ = std::max(last_ns_, time_ns);
  std::int64_t slot = time_ns >> shift_;
  if (slot < lowest_ || slot > highest_) {
    reach(slot);
    slot = time_ns >> shift_;
  }
  ++count_;
  ++rows_[static_cast<std::size_t>(slot & (kSlots - 1))];
}

void TimeHistogram::reach(std::int64_t slot) {
  const auto span = [&] {
    return static_cast<std::uint64_t>(std::max(highest_, slot)) - static_cast<std::uint64_t>(std::min(lowest_, slot));
  };
  while (span() >= static_cast<std::uint64_t>(kSlots)) {
    std::array<std::uint64_t, kSlots> wider{};
    for (std::int64_t old = lowest_; old <= highest_; ++old)
      wider[static_cast<std::size_t>((old >> 1) & (kSlots - 1))] += rows_in(old);
    rows_ = wider;
    ++shift_;
    lowest_ >>= 1;
    highest_ >>= 1;
    slot >>= 1;
  }
  lowest_ = std::min(lowest_, slot);
  highest_ = std::max(highest_, slot);
}

Histogram TimeHistogram::histogram() const {
  Histogram result{.scale = Histogram::Scale::kTime, .bins = {}};
  if (count_ == 0) return result;
  const auto most = static_cast<std::int64_t>(Histogram::kMostTimeBins);
  const std::int64_t together = (highest_ - lowest_ + most) / most;
  const double width = std::ldexp(1.0, shift_);
  for (std::int64_t slot = lowest_; slot <= highest_; ++slot) {
    if ((slot - lowest_) % together == 0) {
      const double from = static_cast<double>(slot) * width;
      result.bins.push_back({from, from + width * static_cast<double>(together), 0});
    }
    result.bins.back().rows += rows_in(slot);
  }
  return result;
}

std::int64_t TimeHistogram::quantile(double share) const {
  const auto wanted =
      std::max<std::uint64_t>(1, static_cast<std::uint64_t>(std::ceil(share * static_cast<double>(count_))));
  std::uint64_t seen = 0;
  for (std::int64_t slot = lowest_; slot <= highest_; ++slot) {
    seen += rows_in(slot);
    if (seen >= wanted) return std::clamp(slot << shift_, first_ns_, last_ns_);
  }
  return last_ns_;
}

std::optional<TimeHistogram::Gap> TimeHistogram::longest_gap() const {
  std::optional<Gap> longest;
  std::int64_t longest_slots = 0;
  std::int64_t begin = lowest_;
  for (std::int64_t slot = lowest_; slot <= highest_; ++slot) {
    if (rows_in(slot) == 0) continue;
    if (slot - begin > longest_slots) {
      longest_slots = slot - begin;
      longest = Gap{begin << shift_, slot << shift_};
    }
    begin = slot + 1;
  }
  return longest;
}

}  // namespace flowgauge
