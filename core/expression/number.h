// Numbers and their arithmetic: exact in integers, a double where the result leaves -2^63 to 2^64 - 1. Doubles that
// come out are finite: beyond the greatest double they stay there. Pure; inline because it is the inside of column
// loops.
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <compare>
#include <cstdint>
#include <limits>
#include <type_traits>

#include "core/base/floor_divide.h"
#include "core/expression/exact_statistics.h"

namespace flowgauge::expression {

// An integer of -2^63 to 2^64 - 1; a double beyond.
struct Number {
  enum class Kind : std::uint64_t { kNatural, kNegative, kReal };
  std::uint64_t bits = 0;  // as uint64_t, int64_t or double
  Kind kind = Kind::kNatural;

  auto operator<=>(const Number&) const = default;
};

// No output cell is ever NaN or infinite.
inline double finite(double value) {
  constexpr double kGreatest = std::numeric_limits<double>::max();
  return value != value ? 0 : std::clamp(value, -kGreatest, kGreatest);
}

namespace number_detail {

using Wide = unsigned __int128;

struct SignedMagnitude {
  Wide magnitude;
  bool negative;
};

inline SignedMagnitude parts(const Number& number) {
  const bool negative = number.kind == Number::Kind::kNegative;
  return {negative ? 0 - number.bits : number.bits, negative};
}

inline Number real(double value) { return {std::bit_cast<std::uint64_t>(finite(value)), Number::Kind::kReal}; }

inline Number from_parts(const SignedMagnitude& parts) {
  const auto low = static_cast<std::uint64_t>(parts.magnitude);
  if (parts.magnitude >> 64 == 0) {
    if (!parts.negative || low == 0) return {low, Number::Kind::kNatural};
    if (low <= std::uint64_t{1} << 63) return {0 - low, Number::Kind::kNegative};
  }
  const auto nearest = static_cast<double>(parts.magnitude);
  return real(parts.negative ? -nearest : nearest);
}

}  // namespace number_detail

inline bool is_real(const Number& number) { return number.kind == Number::Kind::kReal; }

inline double to_real(const Number& number) {
  switch (number.kind) {
    case Number::Kind::kNatural:
      return static_cast<double>(number.bits);
    case Number::Kind::kNegative:
      return static_cast<double>(static_cast<std::int64_t>(number.bits));
    case Number::Kind::kReal:
      break;
  }
  return std::bit_cast<double>(number.bits);
}

template <class Integer>
requires std::is_integral_v<Integer>
double to_real(Integer value) { return static_cast<double>(value); }

inline Number to_number(std::uint64_t value) { return {value, Number::Kind::kNatural}; }
inline Number to_number(std::int64_t value) {
  return {static_cast<std::uint64_t>(value), value < 0 ? Number::Kind::kNegative : Number::Kind::kNatural};
}

inline Number negate(const Number& a) {
  if (is_real(a)) return number_detail::real(-to_real(a));
  auto parts = number_detail::parts(a);
  parts.negative = !parts.negative;
  return number_detail::from_parts(parts);
}

inline Number add(const Number& a, const Number& b) {
  using namespace number_detail;
  if (is_real(a) || is_real(b)) return real(to_real(a) + to_real(b));
  const SignedMagnitude x = parts(a);
  const SignedMagnitude y = parts(b);
  if (x.negative == y.negative) return from_parts({x.magnitude + y.magnitude, x.negative});
  return x.magnitude >= y.magnitude ? from_parts({x.magnitude - y.magnitude, x.negative})
                                    : from_parts({y.magnitude - x.magnitude, y.negative});
}

inline Number subtract(const Number& a, const Number& b) {
  if (is_real(a) || is_real(b)) return number_detail::real(to_real(a) - to_real(b));
  // -b may not be a Number, so the sign is turned after taking it apart.
  using namespace number_detail;
  const SignedMagnitude x = parts(a);
  SignedMagnitude y = parts(b);
  y.negative = !y.negative;
  if (x.negative == y.negative) return from_parts({x.magnitude + y.magnitude, x.negative});
  return x.magnitude >= y.magnitude ? from_parts({x.magnitude - y.magnitude, x.negative})
                                    : from_parts({y.magnitude - x.magnitude, y.negative});
}

inline Number multiply(const Number& a, const Number& b) {
  using namespace number_detail;
  if (is_real(a) || is_real(b)) return real(to_real(a) * to_real(b));
  const SignedMagnitude x = parts(a);
  const SignedMagnitude y = parts(b);
  return from_parts({x.magnitude * y.magnitude, x.negative != y.negative});
}

// The double nearest to a / b; 0 where b is 0.
inline double divide(const Number& a, const Number& b) {
  if (is_real(a) || is_real(b)) {
    const double by = to_real(b);
    return by == 0 ? 0 : finite(to_real(a) / by);
  }
  const auto x = number_detail::parts(a);
  const auto y = number_detail::parts(b);
  const double quotient =
      nearest_quotient(static_cast<std::uint64_t>(x.magnitude), static_cast<std::uint64_t>(y.magnitude));
  return x.negative != y.negative ? -quotient : quotient;
}

// Towards zero; 0 where b is 0.
inline Number trunc_divide(const Number& a, const Number& b) {
  using namespace number_detail;
  if (is_real(a) || is_real(b)) {
    const double by = to_real(b);
    return real(by == 0 ? 0 : std::trunc(to_real(a) / by));
  }
  const SignedMagnitude x = parts(a);
  const SignedMagnitude y = parts(b);
  if (y.magnitude == 0) return {};
  // Both have 64 bits.
  const std::uint64_t quotient = static_cast<std::uint64_t>(x.magnitude) / static_cast<std::uint64_t>(y.magnitude);
  return from_parts({quotient, x.negative != y.negative});
}

// What trunc_divide() leaves, with the sign of a; 0 where b is 0.
inline Number remainder(const Number& a, const Number& b) {
  using namespace number_detail;
  if (is_real(a) || is_real(b)) {
    const double by = to_real(b);
    return real(by == 0 ? 0 : std::fmod(to_real(a), by));
  }
  const SignedMagnitude x = parts(a);
  const SignedMagnitude y = parts(b);
  return y.magnitude == 0 ? Number{} : from_parts({x.magnitude % y.magnitude, x.negative});
}

// Below 0, 0 or above 0, as a is less, equal or greater. With a double on either side both are compared as doubles.
inline int compare(const Number& a, const Number& b) {
  const auto sign = [](auto x, auto y) { return x < y ? -1 : (x > y ? 1 : 0); };
  if (is_real(a) || is_real(b)) return sign(to_real(a), to_real(b));
  if (a.kind != b.kind) return a.kind == Number::Kind::kNegative ? -1 : 1;
  return sign(a.bits, b.bits);  // in two's complement too
}

inline Number absolute(const Number& a) {
  return a.kind == Number::Kind::kNegative || (is_real(a) && to_real(a) < 0) ? negate(a) : a;
}

// Halves away from zero; an integer where it has 64 bits.
inline Number rounded(double value) {
  const double whole = std::round(value);
  if (whole >= 0 && whole < 0x1p64) return to_number(static_cast<std::uint64_t>(whole));
  if (whole < 0 && whole >= -0x1p63) return to_number(static_cast<std::int64_t>(whole));
  return number_detail::real(whole);
}

// Downwards; divisor > 0.
using flowgauge::floor_divide;
inline std::uint64_t floor_divide(std::uint64_t value, std::int64_t divisor) {
  return value / static_cast<std::uint64_t>(divisor);
}
inline Number floor_divide(const Number& value, std::int64_t divisor) {
  switch (value.kind) {
    case Number::Kind::kNatural:
      return to_number(floor_divide(value.bits, divisor));
    case Number::Kind::kNegative:
      return to_number(floor_divide(static_cast<std::int64_t>(value.bits), divisor));
    case Number::Kind::kReal:
      break;
  }
  return number_detail::real(std::floor(to_real(value) / static_cast<double>(divisor)));
}

}  // namespace flowgauge::expression
