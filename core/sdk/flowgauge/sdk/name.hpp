// A string literal as a template argument: row.set<"fwd">(...).
#pragma once

#include <algorithm>
#include <cstddef>
#include <string_view>

namespace fg {

template <std::size_t N>
struct Name {
  char text[N];
  // NOLINTNEXTLINE(google-explicit-constructor): the conversion is the point.
  consteval Name(const char (&literal)[N]) { std::copy_n(literal, N, text); }
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
};

namespace detail {

// The same text, in static memory.
template <Name Text>
inline constexpr const char* kText = Text.text;

}  // namespace detail
}  // namespace fg
