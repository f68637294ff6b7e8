// A series as its definition has it, of values that are all kept: what the features' accumulators are compared with.
#pragma once

#include <algorithm>
#include <vector>

#include "tests/features/feature_host.h"

namespace flowgauge::test {

inline SeriesCell series_of(const std::vector<std::int64_t>& values) {
  if (values.empty()) return kNoValues;
  SeriesCell series{values.size(), 0, 0, *std::min_element(values.begin(), values.end()),
                    *std::max_element(values.begin(), values.end())};
  for (const std::int64_t value : values) {
    series.sum += value;
    series.squares += static_cast<unsigned __int128>(static_cast<__int128>(value) * value);
  }
  return series;
}

}  // namespace flowgauge::test
