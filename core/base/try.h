// TRY(expression): the value of a Result, or the end of the function with its error.
//
//   const Interface link = TRY(find_interface(name));   // Result<Interface>
//   TRY(check_privileges());                            // Result<void>
//
// The enclosing function returns a Result of any type. TRY of a temporary moves the value out of it, TRY of a variable
// copies. It is a statement expression, as GCC and Clang have it.
#pragma once

#include <expected>
#include <utility>

namespace flowgauge {

// The value of a result that has one. Unlike its operator* nobody has to look at what this returns.
template <class T>
constexpr auto taken(T&& result) {
  return *std::forward<T>(result);
}

}  // namespace flowgauge

#define TRY(...) FLOWGAUGE_TRY_NAMED(FLOWGAUGE_TRY_NAME(try_result_, __COUNTER__), (__VA_ARGS__))

// A name of its own for each use, since one may stand in another.
#define FLOWGAUGE_TRY_NAME(prefix, number) FLOWGAUGE_TRY_JOIN(prefix, number)
#define FLOWGAUGE_TRY_JOIN(prefix, number) prefix##number
// NOLINTBEGIN(bugprone-macro-parentheses): one argument is a name, the other stands in parentheses where it comes from
#define FLOWGAUGE_TRY_NAMED(result, expression)                               \
  __extension__({                                                             \
    auto&& result = expression;                                               \
    if (!result) [[unlikely]]                                                 \
      return std::unexpected(std::forward<decltype(result)>(result).error()); \
    ::flowgauge::taken(std::forward<decltype(result)>(result));               \
  })
// NOLINTEND(bugprone-macro-parentheses)
