// One value of an option, or one item of a list: its text, as it stands in a profile or a descriptor, against what is
// declared. Stateless.
#pragma once

#include <expected>
#include <string>
#include <string_view>
#include <vector>

#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge {

// More than any list has that a person wrote.
inline constexpr std::size_t kMostListItems = 4096;

// A value of that type, which is no list; otherwise what is wrong: "is not a whole number from 0 to ...". A text's
// value points into `text`.
[[nodiscard]] std::expected<fg_value, std::string> parse_value(fg_type type, std::string_view text);

// The same within the option's range, or among its choices; of a list, one item: "is not a whole number from 1 to 64",
// "is not one of fast, slow; did you mean 'fast'?"
[[nodiscard]] std::expected<fg_value, std::string> parse_value(const fg_option& option, std::string_view text);

// Of two values of a number's type.
[[nodiscard]] bool is_less(fg_type type, const fg_value& left, const fg_value& right);

// The items of a list that a descriptor or a command line has as one text: "1, 2". Spaces around an item do not count;
// no text is no item. A comma within an item can only be said in a profile.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

// The type of a value, or of one item of a list.
[[nodiscard]] fg_type value_type(const fg_option& option);

// What is declared, for people: " from 1 to 64", " of fast, slow"; empty: what the type allows.
[[nodiscard]] std::string allowed_text(const fg_option& option);

}  // namespace flowgauge
