#include "core/plugin/schema_options.h"

#include <algorithm>
#include <vector>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/plugin/option_value.h"

namespace flowgauge {
namespace {

bool same_value(fg_type type, const fg_value& left, const fg_value& right) {
  switch (type) {
    case FG_U64:
      return left.u64 == right.u64;
    case FG_I64:
      return left.i64 == right.i64;
    case FG_F64:
      return left.f64 == right.f64;
    case FG_BOOL:
      return left.boolean == right.boolean;
    default:
      return std::string_view(left.string.data, left.string.size_bytes) ==
             std::string_view(right.string.data, right.string.size_bytes);
  }
}

// What a text option may be: its default, and what entries ask for.
std::vector<std::string> known_values(const Schema& schema, const fg_option& option) {
  std::vector<std::string> known;
  if (option.default_value != nullptr) known.emplace_back(option.default_value);
  for (const fg_schema_column& entry : schema.columns) {
    if (entry.only_if == nullptr) continue;
    const auto condition = read_condition(entry.only_if);
    if (condition && condition->option == option.name &&
        std::find(known.begin(), known.end(), condition->value) == known.end())
      known.push_back(condition->value);
  }
  return known;
}

}  // namespace

std::optional<Condition> read_condition(std::string_view only_if) {
  const std::size_t equals = only_if.find('=');
  if (equals == std::string_view::npos || equals == 0 || equals + 1 == only_if.size()) return std::nullopt;
  return Condition{std::string(only_if.substr(0, equals)), std::string(only_if.substr(equals + 1))};
}

Result<OptionValues> parse_schema_options(const Schema& schema, std::span<const OptionText> given,
                                          std::string_view where) {
  auto values = parse_options(fmt::format("schema '{}'", schema.name), schema.options, given, where);
  if (!values) return values;
  for (const fg_option& option : schema.options) {
    const auto text =
        std::find_if(given.begin(), given.end(), [&](const auto& one) { return one.name == option.name; });
    if (option.type != FG_STRING || option.choice_count > 0 || text == given.end()) continue;
    const std::vector<std::string> known = known_values(schema, option);
    if (std::find(known.begin(), known.end(), text->value) != known.end()) continue;
    return fail(ExitCode::kUsage, "{}{}'{}' is not a value of option '{}' of schema '{}' ({}){}", text->where,
                text->where.empty() ? "" : ": ", text->value, option.name, schema.name, join(known),
                did_you_mean(text->value, known));
  }
  return values;
}

bool is_there(const fg_schema_column& entry, const Schema& schema, std::span<const fg_value> values) {
  if (entry.only_if == nullptr) return true;
  const auto condition = read_condition(entry.only_if);
  if (!condition) return false;  // judged before
  for (std::size_t i = 0; i < schema.options.size() && i < values.size(); ++i) {
    const fg_option& option = schema.options[i];
    if (condition->option != option.name) continue;
    const auto wanted = parse_value(option.type, condition->value);
    return wanted && same_value(option.type, *wanted, values[i]);
  }
  return false;
}

}  // namespace flowgauge
