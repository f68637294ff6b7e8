#include "core/plugin/contamination.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <utility>
#include <vector>

#include "core/base/text.h"

namespace flowgauge {
namespace {

constexpr std::array kClasses = {
    ContaminationClass{"identity", FG_REVEALS_IDENTITY,
                       "it names a host by its address, its MAC or an id made of them: a model learns who, not what"},
    ContaminationClass{"port", FG_REVEALS_PORT,
                       "it has a raw port, which in a data set often names the attack's target or tool by itself"},
    ContaminationClass{"time", FG_REVEALS_TIME,
                       "it is an absolute time, and the attacks of a data set have their hours"},
    ContaminationClass{"os", FG_REVEALS_OS,
                       "it differs between operating systems, and so tells the attacker's machine from the others"},
    ContaminationClass{
        "path", FG_REVEALS_PATH,
        "it tells where in the network the packets were seen, which is of the test bed, not the traffic"},
    ContaminationClass{"tool", FG_REVEALS_TOOL,
                       "it is set by this program's own rules and limits, which change with the profile"},
};

}  // namespace

std::string contamination_text(fg_contamination classes) {
  std::vector<std::string> names;
  for (const auto& one : kClasses) {
    if ((classes & one.bit) != 0) names.emplace_back(one.name);
  }
  return names.empty() ? "nothing" : join(names);
}

std::vector<ContaminationClass> contamination_classes(fg_contamination classes) {
  std::vector<ContaminationClass> chosen;
  for (const auto& one : kClasses) {
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
  };
  return std::any_of(std::begin(kGivesAway), std::end(kGivesAway),
                     [&](const auto& need) { return (needs & need.first) != 0 && (need.second & ~excluded) == 0; });
}

}  // namespace flowgauge
