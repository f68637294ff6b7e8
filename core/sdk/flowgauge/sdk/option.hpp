// What the profile may say to a feature or schema: kOptions. options.hpp gives a feature the values.
//
//   static constexpr fg::Option kOptions[] = {
//       fg::Option{"count", "How many packets to look at", FG_U64, FG_UNIT_PACKETS, "4"}.between("1", "100"),
//       fg::Option{"order", "Which come first", FG_STRING, FG_UNIT_NONE, "oldest"}.one_of<"oldest", "newest">(),
//       {"ports", "Of these services", FG_LIST_U64, FG_UNIT_NONE, "80, 443"},
//   };
#pragma once

#include <cstdint>
#include <string_view>

#include "about.hpp"
#include "name.hpp"

namespace fg {

#if FG_TARGET_MINOR >= 1
namespace detail {

void only_a_number_has_a_range();
void a_minimum_and_a_maximum_are_numbers_of_the_options_type();
void a_minimum_is_not_above_its_maximum();
void the_default_lies_in_the_range();
void only_a_text_has_choices();
void a_choice_is_a_text_and_not_empty();
void two_choices_are_the_same();
void the_default_is_one_of_the_choices();

constexpr bool is_list_type(fg_type type) {
  return type == FG_LIST_U64 || (type >= FG_LIST_I64 && type <= FG_LIST_STRING);
}

// A whole number, its sign apart. Real numbers are left to the host, which judges all of it again.
struct WholeNumber {
  bool is_right = false;
  bool is_negative = false;
  std::uint64_t size = 0;
};

consteval WholeNumber whole_number(std::string_view text, fg_type type) {
  WholeNumber number;
  number.is_negative = type == FG_I64 && text.starts_with('-');
  if (number.is_negative) text.remove_prefix(1);
  for (const char digit : text) {
    if (digit < '0' || digit > '9') return {};
    const auto value = static_cast<std::uint64_t>(digit - '0');
    if (number.size > (UINT64_MAX - value) / 10) return {};
    number.size = number.size * 10 + value;
  }
  number.is_right = !text.empty();
  return number;
}

consteval bool is_below(const WholeNumber& left, const WholeNumber& right) {
  if (left.is_negative != right.is_negative) return left.is_negative && (left.size != 0 || right.size != 0);
  return left.is_negative ? left.size > right.size : left.size < right.size;
}

consteval void check_whole_range(const fg_option& option, fg_type type) {
  const WholeNumber least = option.minimum == nullptr ? WholeNumber{} : whole_number(option.minimum, type);
  const WholeNumber most = option.maximum == nullptr ? WholeNumber{} : whole_number(option.maximum, type);
  if ((option.minimum != nullptr && !least.is_right) || (option.maximum != nullptr && !most.is_right))
    a_minimum_and_a_maximum_are_numbers_of_the_options_type();
  if (least.is_right && most.is_right && is_below(most, least)) a_minimum_is_not_above_its_maximum();
  if (option.default_value == nullptr || is_list_type(option.type)) return;
  const WholeNumber usual = whole_number(option.default_value, type);
  if (!usual.is_right || (least.is_right && is_below(usual, least)) || (most.is_right && is_below(most, usual)))
    the_default_lies_in_the_range();
}

// Static, as descriptors are.
template <Name... Texts>
inline constexpr const char* kChoices[] = {kText<Texts>...};

template <class Owner>
consteval bool has_list_options() {
  if constexpr (requires { Owner::kOptions; }) {
    for (const fg_option& option : Owner::kOptions)
      if (is_list_type(option.type)) return true;
  }
  return false;
}

}  // namespace detail
#endif

// Without a default the profile must give it. Of a list, a feature's alone and of ABI 1.1, the default is "1, 2".
struct Option : fg_option {
  consteval Option(const char* key, const char* sentence, fg_type value_type, fg_unit value_unit,
                   const char* default_text = nullptr)
      : fg_option{} {
    detail::check_name_and_doc(key, sentence);
    name = key;
    doc = sentence;
    default_value = default_text;
    type = value_type;
    unit = value_unit;
  }

#if FG_TARGET_MINOR >= 1
  // The least and the greatest number, or item of a list, as they would stand in a profile. Hosts of ABI 1.0 do not
  // know them: a module that runs there as well looks at the value itself.
  [[nodiscard]] consteval Option between(const char* least, const char* most) const { return ranged(least, most); }
  [[nodiscard]] consteval Option at_least(const char* least) const { return ranged(least, maximum); }
  [[nodiscard]] consteval Option at_most(const char* most) const { return ranged(minimum, most); }

  // The only texts that it, or an item of a list, may be.
  template <Name... Texts>
  [[nodiscard]] consteval Option one_of() const {
    static_assert(sizeof...(Texts) > 0, "one_of<> names the choices: one_of<\"fast\", \"slow\">()");
    if (type != FG_STRING && type != FG_LIST_STRING) detail::only_a_text_has_choices();
    const std::string_view texts[] = {Texts.view()...};
    bool has_default = false;
    for (std::size_t i = 0; i < sizeof...(Texts); ++i) {
      if (texts[i].empty()) detail::a_choice_is_a_text_and_not_empty();
      for (std::size_t other = 0; other < i; ++other)
        if (texts[i] == texts[other]) detail::two_choices_are_the_same();
      has_default |= default_value != nullptr && texts[i] == default_value;
    }
    if (type == FG_STRING && default_value != nullptr && !has_default) detail::the_default_is_one_of_the_choices();
    Option option = *this;
    option.choices = detail::kChoices<Texts...>;
    option.choice_count = static_cast<std::uint32_t>(sizeof...(Texts));
    return option;
  }

 private:
  consteval Option ranged(const char* least, const char* most) const {
    Option option = *this;
    option.minimum = least;
    option.maximum = most;
    switch (type) {
      case FG_U64:
      case FG_LIST_U64:
        detail::check_whole_range(option, FG_U64);
        break;
      case FG_I64:
      case FG_LIST_I64:
        detail::check_whole_range(option, FG_I64);
        break;
      case FG_F64:
      case FG_LIST_F64:
        break;
      default:
        detail::only_a_number_has_a_range();
    }
    return option;
  }
#endif
};

static_assert(sizeof(Option) == sizeof(fg_option), "the host steps through arrays of these by sizeof");

}  // namespace fg
