#include "core/plugin/option_rules.h"

#include <fmt/format.h>

#include <set>

#include "core/base/utf8.h"
#include "core/plugin/module.h"
#include "core/plugin/option_value.h"

namespace flowgauge::rules {
namespace {

Finding check_type(const fg_option& option, OptionsOf whose) {
  const bool is_plain = option.type >= FG_U64 && option.type <= FG_STRING;
  if (is_plain || (whose != OptionsOf::kSchema && is_list(option.type))) return {};
  return fmt::format("has type {}, which no option {}can have; use FG_U64, FG_I64, FG_F64, FG_BOOL{}", option.type,
                     whose != OptionsOf::kSchema ? "" : "of a schema ",
                     whose != OptionsOf::kSchema ? ", FG_STRING or a list" : " or FG_STRING");
}

Finding check_bound(const fg_option& option, const char* bound, std::string_view what) {
  const fg_type type = value_type(option);
  if (bound == nullptr) return {};
  if (type == FG_BOOL || type == FG_STRING) return fmt::format("has a {}, but is no number; leave it out", what);
  if (const auto value = parse_value(type, bound); !value)
    return fmt::format("has the {} '{:.80}', which {}; write it as it would stand in a profile", what, bound,
                       value.error());
  return {};
}

Finding check_range(const fg_option& option) {
  if (Finding wrong = check_bound(option, option.minimum, "minimum"); !wrong.empty()) return wrong;
  if (Finding wrong = check_bound(option, option.maximum, "maximum"); !wrong.empty()) return wrong;
  if (option.minimum == nullptr || option.maximum == nullptr) return {};
  const fg_type type = value_type(option);
  if (!is_less(type, *parse_value(type, option.maximum), *parse_value(type, option.minimum))) return {};
  return fmt::format("has the minimum {}, which is above its maximum {}; exchange them", option.minimum,
                     option.maximum);
}

Finding check_choice(const char* choice) {
  if (choice == nullptr) return "has a choice that is a null pointer; check choice_count";
  if (*choice == 0) return "has an empty choice; give it a text, or leave it out";
  if (::strnlen(choice, kLongestText + 1) > kLongestText)
    return fmt::format("has a choice of more than {} bytes; is its end missing?", kLongestText);
  if (!is_utf8(choice)) return fmt::format("has the choice '{:.80}', which is not UTF-8; write it so", choice);
  if (choice != shown_text(choice))
    return fmt::format("has the choice '{:.80}', which has control characters; leave them out", choice);
  return {};
}

Finding check_choices(const fg_option& option) {
  if (option.choice_count == 0)
    return option.choices == nullptr ? Finding()
                                     : "has choices, but the choice_count 0; say how many, or set both to none";
  if (value_type(option) != FG_STRING) return "has choices, but is no text; give a minimum and a maximum";
  if (option.choice_count > kMostItems)
    return fmt::format("has the choice_count {}, more than {}; check it", option.choice_count, kMostItems);
  if (option.choices == nullptr)
    return fmt::format("has the choice_count {}, but its choices are a null pointer; fill it in", option.choice_count);
  std::set<std::string_view> known;
  for (std::uint32_t i = 0; i < option.choice_count; ++i) {
    if (Finding wrong = check_choice(option.choices[i]); !wrong.empty()) return wrong;
    if (!known.insert(option.choices[i]).second)
      return fmt::format("has the choice '{:.80}' twice; leave one out", option.choices[i]);
  }
  return {};
}

Finding check_default(const fg_option& option) {
  if (option.default_value == nullptr) return {};
  std::vector<std::string> values = {option.default_value};
  if (is_list(option.type)) values = split_list(option.default_value);
  if (values.size() > kMostListItems)
    return fmt::format("has a default of {} items; give it at most {}", values.size(), kMostListItems);
  for (const std::string& text : values) {
    if (is_list(option.type) && text.empty())
      return "has a default with an empty item; write \"1, 2\", and \"\" for an empty list";
    const auto value = parse_value(option, text);
    if (value) continue;
    const std::string item = is_list(option.type) ? fmt::format("an item '{:.80}' of ", text) : "";
    return fmt::format("has the default '{:.80}', {}which {}; write it as it would stand in a profile",
                       option.default_value, item, value.error());
  }
  return {};
}

Finding check_option(const fg_option& option, OptionsOf whose) {
  if (Finding wrong = check_name(option.name, "an option"); !wrong.empty()) return wrong;
  if (Finding wrong = check_text(option.doc, fmt::format("the doc of option '{}'", option.name)); !wrong.empty())
    return wrong;
  const std::string who = fmt::format("option '{}' ", option.name);
  if (Finding wrong = check_type(option, whose); !wrong.empty()) return who + wrong;
  if (!is_unit(option.unit))
    return who + fmt::format("has unit {}, which is not known; use FG_UNIT_NONE to FG_UNIT_BYTES_PER_S", option.unit);
  if (Finding wrong = check_range(option); !wrong.empty()) return who + wrong;
  if (Finding wrong = check_choices(option); !wrong.empty()) return who + wrong;
  if (Finding wrong = check_default(option); !wrong.empty()) return who + wrong;
  return {};
}

}  // namespace

Finding read_options(const fg_array& table, OptionsOf whose, std::vector<fg_option>& options) {
  if (Finding wrong = check_array(table, FG_SIZE_1_0(fg_option, unit), "fg_option", "options"); !wrong.empty())
    return wrong;
  options = items_of<fg_option>(table);
  std::set<std::string_view> names;
  for (const fg_option& option : options) {
    if (Finding wrong = check_option(option, whose); !wrong.empty()) return wrong;
    if (!names.insert(option.name).second)
      return fmt::format("declares option '{}' twice; rename one of them", option.name);
  }
  return {};
}

}  // namespace flowgauge::rules
