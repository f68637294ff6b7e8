#include "core/editor/contamination_choice.h"

#include <algorithm>

#include "core/editor/draft.h"
#include "core/profile/choices.h"
#include "core/profile/keys.h"

namespace flowgauge {

ContaminationChoice::ContaminationChoice(const std::string& text) {
  Profile profile;
  const auto value = parse_yaml_value(text, "contamination");
  if (value && set_profile_key("contamination", *value, profile)) excluded_ = profile.contamination.value;
}

std::vector<std::string> ContaminationChoice::levels() {
  std::vector<std::string> names;
  for (const auto& level : kContaminationLevels) names.emplace_back(level.name);
  return names;
}

bool ContaminationChoice::is(std::string_view level) const {
  return choice_name(kContaminationLevels, excluded_) == level;
}

void ContaminationChoice::choose_level(std::string_view level) {
  for (const auto& one : kContaminationLevels)
    if (one.name == level) excluded_ = one.value;
}

void ContaminationChoice::flip(std::string_view of_class) {
  for (const ContaminationClass& one : kContaminationClasses)
    if (one.name == of_class) excluded_ ^= one.bit;
}

YamlNode ContaminationChoice::node() const {
  const std::string_view level = choice_name(kContaminationLevels, excluded_);
  if (!level.empty()) return text_node(std::string(level));
  std::vector<std::string> names;
  for (const ContaminationClass& one : kContaminationClasses)
    if (excludes(one.bit)) names.emplace_back(one.name);
  return list_node(names);
}

}  // namespace flowgauge
