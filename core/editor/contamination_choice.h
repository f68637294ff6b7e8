// The key `contamination` as levels and classes to choose from. Pure.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/plugin/contamination_classes.h"
#include "core/profile/yaml_node.h"

namespace flowgauge {

class ContaminationChoice {
 public:
  // As a profile has it: "strict", "[identity, os]". What is wrong excludes nothing.
  explicit ContaminationChoice(const std::string& text);

  [[nodiscard]] static std::vector<std::string> levels();
  [[nodiscard]] static std::span<const ContaminationClass> classes() { return kContaminationClasses; }

  [[nodiscard]] bool is(std::string_view level) const;
  [[nodiscard]] bool excludes(fg_contamination one) const { return (excluded_ & one) != 0; }
  void choose_level(std::string_view level);
  void flip(std::string_view of_class);
  // As a profile has it: a level where there is one of that meaning.
  [[nodiscard]] YamlNode node() const;

 private:
  fg_contamination excluded_ = 0;
};

}  // namespace flowgauge
