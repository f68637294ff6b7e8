#include "core/plugin/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

#include "core/base/suggest.h"
#include "core/base/text.h"

namespace flowgauge {
namespace {

// The whole text as a number; nothing before or after it.
template <class T>
bool read_number(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

fg_string string_of(std::string_view text) { return {text.data(), text.size()}; }

std::string begin_with(std::string_view where) { return where.empty() ? std::string() : std::string(where) + ": "; }

std::vector<std::string> names_of(std::span<const fg_option> declared) {
  std::vector<std::string> names;
  names.reserve(declared.size());
  for (const fg_option& option : declared) names.emplace_back(option.name);
  return names;
}

// Options given that are not declared, or given twice.
Result<void> check_names(std::string_view who, std::span<const fg_option> declared, std::span<const OptionText> given) {
  const std::vector<std::string> names = names_of(declared);
  for (std::size_t i = 0; i < given.size(); ++i) {
    const OptionText& option = given[i];
    if (std::find(names.begin(), names.end(), option.name) == names.end()) {
      std::string hint = did_you_mean(option.name, names);
      if (hint.empty()) hint = names.empty() ? "; it takes none, remove it" : "; it has " + join(names);
      return fail(ExitCode::kUsage, "{}{} has no option '{}'{}", begin_with(option.where), who, option.name, hint);
    }
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (given[earlier].name == option.name)
        return fail(ExitCode::kUsage, "{}option '{}' of {} is given twice; remove one of them",
                    begin_with(option.where), option.name, who);
    }
  }
  return {};
}

}  // namespace

void OptionValues::add(std::string text) {
  texts_.push_back(std::make_shared<const std::string>(std::move(text)));
  fg_value value{};
  value.string = string_of(*texts_.back());
  values_.push_back(value);
}

std::expected<fg_value, std::string> parse_option(fg_type type, std::string_view text) {
  fg_value value{};
  switch (type) {
    case FG_U64:
      if (read_number(text, value.u64)) return value;
      return std::unexpected(
          fmt::format("is not a whole number from 0 to {}", std::numeric_limits<std::uint64_t>::max()));
    case FG_I64:
      if (read_number(text, value.i64)) return value;
      return std::unexpected(fmt::format("is not a whole number from {} to {}",
                                         std::numeric_limits<std::int64_t>::min(),
                                         std::numeric_limits<std::int64_t>::max()));
    case FG_F64:
      if (read_number(text, value.f64) && std::isfinite(value.f64)) return value;
      return std::unexpected("is not a number");
    case FG_BOOL:
      if (text != "true" && text != "false") return std::unexpected("is neither true nor false");
      value.boolean = text == "true" ? 1 : 0;
      return value;
    case FG_STRING:
      value.string = string_of(text);
      return value;
    default:
      return std::unexpected("has no type that an option can have");
  }
}

Result<OptionValues> parse_options(const Feature& feature, std::span<const OptionText> given, std::string_view where) {
  return parse_options(fmt::format("feature '{}'", feature.name), feature.options, given, where);
}

Result<OptionValues> parse_options(std::string_view who, std::span<const fg_option> declared,
                                   std::span<const OptionText> given, std::string_view where) {
  if (const Result<void> known = check_names(who, declared, given); !known) return std::unexpected(known.error());
  OptionValues values;
  for (const fg_option& option : declared) {
    const auto text =
        std::find_if(given.begin(), given.end(), [&](const OptionText& one) { return one.name == option.name; });
    if (text == given.end() && option.default_value == nullptr)
      return fail(ExitCode::kUsage, "{}{} needs the option '{}' ({}); give it a value", begin_with(where), who,
                  option.name, option.doc);
    const std::string_view chosen = text == given.end() ? std::string_view(option.default_value) : text->value;
    const auto value = parse_option(option.type, chosen);
    if (!value)
      return fail(ExitCode::kUsage, "{}option '{}' of {} is '{}', which {}; it means: {}",
                  begin_with(text == given.end() ? where : text->where), option.name, who, chosen, value.error(),
                  option.doc);
    if (option.type == FG_STRING) {
      values.add(std::string(chosen));
    } else {
      values.add(*value);
    }
  }
  return values;
}

}  // namespace flowgauge
