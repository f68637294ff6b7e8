#include "core/plugin/option_value.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>
#include <span>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/plugin/module.h"

namespace flowgauge {
namespace {

constexpr std::size_t kMostShownChoices = 16;

// The whole text as a number; nothing before or after it.
template <class T>
bool read_number(std::string_view text, T& number) {
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size();
}

template <class T>
std::string whole_number(const char* minimum, const char* maximum) {
  return fmt::format("is not a whole number from {} to {}",
                     minimum == nullptr ? fmt::format("{}", std::numeric_limits<T>::min()) : minimum,
                     maximum == nullptr ? fmt::format("{}", std::numeric_limits<T>::max()) : maximum);
}

std::string real_number(const char* minimum, const char* maximum) {
  if (minimum != nullptr && maximum != nullptr) return fmt::format("is not a number from {} to {}", minimum, maximum);
  if (minimum != nullptr) return fmt::format("is not a number of {} or more", minimum);
  if (maximum != nullptr) return fmt::format("is not a number of {} or less", maximum);
  return "is not a number";
}

// What a number must be that is none, or lies without its range.
std::string no_number(fg_type type, const char* minimum, const char* maximum) {
  if (type == FG_U64) return whole_number<std::uint64_t>(minimum, maximum);
  if (type == FG_I64) return whole_number<std::int64_t>(minimum, maximum);
  return real_number(minimum, maximum);
}

bool is_within(const fg_option& option, fg_type type, const fg_value& value) {
  if (option.minimum != nullptr) {
    const auto minimum = parse_value(type, option.minimum);
    if (minimum && is_less(type, value, *minimum)) return false;
  }
  if (option.maximum == nullptr) return true;
  const auto maximum = parse_value(type, option.maximum);
  return !maximum || !is_less(type, *maximum, value);
}

std::span<const char* const> choices_of(const fg_option& option) { return {option.choices, option.choice_count}; }

std::string choices_text(const fg_option& option) {
  const std::span<const char* const> choices = choices_of(option);
  const std::span<const char* const> shown = choices.first(std::min(choices.size(), kMostShownChoices));
  std::string text = join(std::vector<std::string>(shown.begin(), shown.end()));
  if (shown.size() < choices.size()) text += fmt::format(" and {} more", choices.size() - shown.size());
  return text;
}

}  // namespace

fg_type value_type(const fg_option& option) { return is_list(option.type) ? item_type(option.type) : option.type; }

bool is_less(fg_type type, const fg_value& left, const fg_value& right) {
  if (type == FG_U64) return left.u64 < right.u64;
  if (type == FG_I64) return left.i64 < right.i64;
  return left.f64 < right.f64;
}

std::expected<fg_value, std::string> parse_value(fg_type type, std::string_view text) {
  fg_value value{};
  switch (type) {
    case FG_U64:
      if (read_number(text, value.u64)) return value;
      return std::unexpected(no_number(type, nullptr, nullptr));
    case FG_I64:
      if (read_number(text, value.i64)) return value;
      return std::unexpected(no_number(type, nullptr, nullptr));
    case FG_F64:
      if (read_number(text, value.f64) && std::isfinite(value.f64)) return value;
      return std::unexpected(no_number(type, nullptr, nullptr));
    case FG_BOOL:
      if (text != "true" && text != "false") return std::unexpected("is neither true nor false");
      value.boolean = text == "true" ? 1 : 0;
      return value;
    case FG_STRING:
      value.string = {text.data(), text.size()};
      return value;
    default:
      return std::unexpected("has no type that an option can have");
  }
}

std::expected<fg_value, std::string> parse_value(const fg_option& option, std::string_view text) {
  const fg_type type = value_type(option);
  const auto value = parse_value(type, text);
  if (type == FG_STRING) {
    const std::span<const char* const> choices = choices_of(option);
    if (choices.empty() ||
        std::ranges::find(choices, text, [](const char* one) { return std::string_view(one); }) != choices.end())
      return value;
    return std::unexpected(fmt::format("is not one of {}{}", choices_text(option),
                                       did_you_mean(text, std::vector<std::string>(choices.begin(), choices.end()))));
  }
  if (type == FG_BOOL || (option.minimum == nullptr && option.maximum == nullptr)) return value;
  if (value && is_within(option, type, *value)) return value;
  return std::unexpected(no_number(type, option.minimum, option.maximum));
}

std::vector<std::string> split_list(std::string_view text) {
  const auto trimmed = [](std::string_view item) {
    const std::size_t begin = std::min(item.find_first_not_of(' '), item.size());
    return std::string(item.substr(begin, item.find_last_not_of(' ') + 1 - begin));
  };
  std::vector<std::string> items;
  if (text.find_first_not_of(' ') == std::string_view::npos) return items;
  for (;;) {
    const std::size_t comma = text.find(',');
    items.push_back(trimmed(text.substr(0, comma)));
    if (comma == std::string_view::npos) return items;
    text.remove_prefix(comma + 1);
  }
}

std::string allowed_text(const fg_option& option) {
  if (option.choice_count > 0) return " of " + choices_text(option);
  std::string text;
  if (option.minimum != nullptr) text += fmt::format(" from {}", option.minimum);
  if (option.maximum != nullptr) text += fmt::format(" to {}", option.maximum);
  return text;
}

}  // namespace flowgauge
