// Options of a feature or a schema: texts from the profile, checked against its declarations and turned into the values
// that `create` gets. Missing ones take their defaults. Stateless.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "core/base/result.h"
#include "core/plugin/module.h"
#include "core/plugin/option_values.h"

namespace flowgauge {

struct OptionText {
  std::string name;
  std::string value;                                   // of what is no list
  std::string where;                                   // "configs/mine.yaml:14"; begins the message if it is not empty
  std::optional<std::vector<std::string>> items = {};  // of a list
};

// `where` begins messages about what is not given.
[[nodiscard]] Result<OptionValues> parse_options(const Feature& feature, std::span<const OptionText> given,
                                                 std::string_view where);
// `who` declares them: "feature 'iat'".
[[nodiscard]] Result<OptionValues> parse_options(std::string_view who, std::span<const fg_option> declared,
                                                 std::span<const OptionText> given, std::string_view where);

}  // namespace flowgauge
