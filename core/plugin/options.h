// Options of a feature or a schema: texts from the profile, checked against its declarations and turned into an
// fg_value array, as `create` gets it. Missing ones take their defaults. Stateless but for the values' own text.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/module.h"

namespace flowgauge {

struct OptionText {
  std::string name;
  std::string value;
  std::string where;  // "configs/mine.yaml:14"; begins the message if it is not empty
};

// In the declared order. Copies share the texts that string values point to.
class OptionValues {
 public:
  [[nodiscard]] std::span<const fg_value> values() const { return values_; }
  void add(fg_value value) { values_.push_back(value); }
  void add(std::string text);

 private:
  std::vector<fg_value> values_;
  std::vector<std::shared_ptr<const std::string>> texts_;
};

// `where` begins messages about what is not given.
[[nodiscard]] Result<OptionValues> parse_options(const Feature& feature, std::span<const OptionText> given,
                                                 std::string_view where);
// `who` declares them: "feature 'iat'".
[[nodiscard]] Result<OptionValues> parse_options(std::string_view who, std::span<const fg_option> declared,
                                                 std::span<const OptionText> given, std::string_view where);

// One value as it stands in a profile; what is wrong with it otherwise: "is not a whole number from 0 to ...".
[[nodiscard]] std::expected<fg_value, std::string> parse_option(fg_type type, std::string_view text);

}  // namespace flowgauge
