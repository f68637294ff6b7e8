#include "core/plugin/contamination.h"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "core/base/text.h"

namespace flowgauge {

std::string contamination_text(fg_contamination classes) {
  std::vector<std::string> names;
  for (const auto& one : kContaminationClasses) {
    if ((classes & one.bit) != 0) names.emplace_back(one.name);
  }
  return names.empty() ? "nothing" : join(names);
}

std::vector<ContaminationClass> contamination_classes(fg_contamination classes) {
  std::vector<ContaminationClass> chosen;
  for (const auto& one : kContaminationClasses) {
    if ((classes & one.bit) != 0) chosen.push_back(one);
  }
  return chosen;
}

fg_contamination revealed_by(const fg_column& column) {
  return column.type == FG_TIME ? column.reveals | FG_REVEALS_TIME : column.reveals;
}

fg_contamination revealed_by_extremes(const fg_column& column) {
  return column.type == FG_SERIES ? column.extremes_reveal & ~column.reveals : FG_REVEALS_NOTHING;
}

bool sees_excluded(fg_needs needs, fg_contamination excluded) {
  constexpr std::pair<fg_needs, fg_contamination> kGivesAway[] = {
      {FG_NEEDS_KEY, FG_REVEALS_IDENTITY | FG_REVEALS_PORT},
      {FG_NEEDS_TIME, FG_REVEALS_TIME},
      {FG_NEEDS_TAGS, FG_REVEALS_PATH},
      {FG_NEEDS_PAYLOAD, FG_REVEALS_IDENTITY},
      {FG_NEEDS_HEADERS, FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_OS | FG_REVEALS_PATH},
  };
  return std::any_of(std::begin(kGivesAway), std::end(kGivesAway),
                     [&](const auto& need) { return (needs & need.first) != 0 && (need.second & excluded) != 0; });
}

}  // namespace flowgauge
