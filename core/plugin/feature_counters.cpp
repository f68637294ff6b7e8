#include "core/plugin/feature_counters.h"

#include <fmt/format.h>

#include <algorithm>

#include "core/base/text.h"
#include "core/plugin/module.h"

namespace flowgauge {

void add_counts(FeatureCounters& counters, std::span<const std::uint64_t> values) {
  for (std::size_t i = 0; i < std::min(counters.size(), values.size()); ++i) counters[i].value += values[i];
}

void add_counters(FeatureCounters& counters, const FeatureCounters& others) {
  if (counters.empty()) {
    counters = others;
    return;
  }
  for (std::size_t i = 0; i < std::min(counters.size(), others.size()); ++i) counters[i].value += others[i].value;
}

std::vector<std::string> counter_texts(std::span<const FeatureCounter> counters) {
  std::vector<std::string> texts;
  const std::string* feature = nullptr;
  for (const FeatureCounter& counter : counters) {
    const bool is_first = feature == nullptr || *feature != counter.feature;
    if (is_first) texts.push_back(counter.feature + ": ");
    feature = &counter.feature;
    const std::string_view unit = counter.unit == FG_UNIT_COUNT ? "" : unit_name(counter.unit);
    texts.back() += fmt::format("{}{} {}{}{}", is_first ? "" : ", ", counter.name, with_thousands(counter.value),
                                unit.empty() ? "" : " ", unit);
  }
  return texts;
}

}  // namespace flowgauge
