#include "core/export/contamination.h"

#include <array>
#include <vector>

#include "core/base/suggest.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

struct NamedClasses {
  std::string_view name;
  fg_contamination classes;
};

constexpr std::array kClasses = {
    NamedClasses{"identity", FG_REVEALS_IDENTITY}, NamedClasses{"port", FG_REVEALS_PORT},
    NamedClasses{"time", FG_REVEALS_TIME},         NamedClasses{"os", FG_REVEALS_OS},
    NamedClasses{"path", FG_REVEALS_PATH},         NamedClasses{"tool", FG_REVEALS_TOOL},
};

constexpr std::array kSets = {
    NamedClasses{"none_removed", FG_REVEALS_NOTHING},
    NamedClasses{"raw_identifiers", FG_REVEALS_IDENTITY | FG_REVEALS_PORT | FG_REVEALS_TIME},
    NamedClasses{"strict", kAllClasses},
};

}  // namespace

Result<fg_contamination> contamination_named(std::string_view name) {
  std::vector<std::string> names;
  for (const auto& set : kSets) {
    if (set.name == name) return set.classes;
    names.emplace_back(set.name);
  }
  for (const auto& one : kClasses) {
    if (one.name == name) return one.classes;
    names.emplace_back(one.name);
  }
  return fail(ExitCode::kUsage, "contamination '{}' is not known{}; there are {}", name, did_you_mean(name, names),
              join(names));
}

std::string contamination_text(fg_contamination classes) {
  std::vector<std::string> names;
  for (const auto& one : kClasses) {
    if ((classes & one.classes) != 0) names.emplace_back(one.name);
  }
  return names.empty() ? "nothing" : join(names);
}

fg_contamination classes_of_needs(fg_needs needs) {
  fg_contamination classes = FG_REVEALS_NOTHING;
  if ((needs & FG_NEEDS_KEY) != 0) classes |= FG_REVEALS_IDENTITY | FG_REVEALS_PORT;
  if ((needs & FG_NEEDS_TIME) != 0) classes |= FG_REVEALS_TIME;
  if ((needs & FG_NEEDS_TAGS) != 0) classes |= FG_REVEALS_PATH;
  if ((needs & FG_NEEDS_PAYLOAD) != 0) classes |= FG_REVEALS_IDENTITY;
  return classes;
}

}  // namespace flowgauge
