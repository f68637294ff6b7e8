#include "core/expression/arithmetic.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cmath>
#include <type_traits>

#include "core/expression/comparison.h"
#include "core/expression/integer_kernel.h"
#include "core/expression/plain_integers.h"
#include "core/expression/validity.h"

namespace flowgauge::expression {
namespace {

// ---------------------------------------------------------------- operators

template <auto Loop>
bool of_two(const Call& call) {
  return Loop(call.in<std::uint64_t>(0), call.in<std::uint64_t>(1), call.rows, call.own<std::uint64_t>());
}

struct Add {
  static bool plain(const Call& call) { return of_two<plain::add>(call); }
  static Number exact(const Number& a, const Number& b) { return add(a, b); }
  static double real(double a, double b) { return a + b; }
};

struct Subtract {
  static bool plain(const Call& call) { return of_two<plain::subtract>(call); }
  static Number exact(const Number& a, const Number& b) { return subtract(a, b); }
  static double real(double a, double b) { return a - b; }
};

struct Multiply {
  static bool plain(const Call& call) { return of_two<plain::multiply>(call); }
  static Number exact(const Number& a, const Number& b) { return multiply(a, b); }
  static double real(double a, double b) { return a * b; }
};

struct Negate {
  static bool plain(const Call& call) {
    return plain::negate(call.in<std::uint64_t>(0), call.rows, call.own<std::uint64_t>());
  }
  static Number exact(const Number& a) { return negate(a); }
};

// To a double; 0 where the divisor is 0.
struct Divide {
  static bool plain(const Call& call) {
    const auto* const a = call.in<std::uint64_t>(0);
    const auto* const b = call.in<std::uint64_t>(1);
    const auto numerator = [&](std::uint32_t row) { return a[row]; };
    // By one number for all rows, such as 1,000,000: what is asked of it is asked once.
    if (call.operands[1]->is_constant) {
      return plain::divide(
          call.rows, numerator, [divisor = *b](std::uint32_t) { return divisor; }, call.own<double>());
    }
    return plain::divide(
        call.rows, numerator, [&](std::uint32_t row) { return b[row]; }, call.own<double>());
  }
  static double exact(const Number& a, const Number& b) { return divide(a, b); }
};

// What trunc_div() leaves; 0 where the divisor is 0.
struct Remainder {
  static bool plain(const Call& call) {
    const auto* const a = call.in<std::int64_t>(0);
    const auto* const b = call.in<std::int64_t>(1);
    // By -1 nothing is left; the processor's division would overflow of the lowest number.
    fill<std::int64_t>(call, [&](std::uint32_t row) { return b[row] == 0 || b[row] == -1 ? 0 : a[row] % b[row]; });
    return true;
  }
  static Number exact(const Number& a, const Number& b) { return remainder(a, b); }
  static double real(double a, double b) { return b == 0 ? 0 : std::fmod(a, b); }
};

template <class Work>
void reals(Call& call) {
  const auto* const a = call.in<double>(0);
  const auto* const b = call.in<double>(1);
  fill<double>(call, [&](std::uint32_t row) { return finite(Work::real(a[row], b[row])); });
}

void negate_reals(Call& call) {
  const auto* const a = call.in<double>(0);
  fill<double>(call, [&](std::uint32_t row) { return -a[row]; });
}

void divide_reals(Call& call) {
  const auto* const a = call.in<double>(0);
  const auto* const b = call.in<double>(1);
  if (const double divisor = *b; call.operands[1]->is_constant && std::abs(divisor) >= 1) {
    fill<double>(call, [&](std::uint32_t row) { return a[row] / divisor; });  // no greater than a, so finite
  } else {
    fill<double>(call, [&](std::uint32_t row) { return b[row] == 0 ? 0 : finite(a[row] / b[row]); });
  }
}

constexpr std::array kOperators = {
    Operator{Expression::Kind::kNegate, "-", ValueType::kInteger, {integers<Negate, 1>}, {negate_reals}},
    Operator{Expression::Kind::kAdd, "+", ValueType::kInteger, {integers<Add, 2>}, {reals<Add>}},
    Operator{Expression::Kind::kSubtract, "-", ValueType::kInteger, {integers<Subtract, 2>}, {reals<Subtract>}},
    Operator{Expression::Kind::kMultiply, "*", ValueType::kInteger, {integers<Multiply, 2>}, {reals<Multiply>}},
    Operator{Expression::Kind::kDivide, "/", ValueType::kReal, {integers<Divide, 2>}, {divide_reals}},
    Operator{Expression::Kind::kRemainder, "%", ValueType::kInteger, {integers<Remainder, 2>}, {reals<Remainder>}},
};

// ---------------------------------------------------------------- to an integer

void integer_of_i64(Call& call) { call.show(call.in<std::int64_t>(0), Form::kPlain); }

void integer_of_u64(Call& call) {
  const auto* const bits = call.in<std::uint64_t>(0);
  if (plain::all_natural(bits, call.rows)) return call.show(bits, Form::kPlain);
  fill<Number>(call, [&](std::uint32_t row) { return to_number(bits[row]); });
  call.show(call.memory, Form::kExact);
}

void integer_of_bool(Call& call) {
  const auto* const bools = call.in<std::uint8_t>(0);
  fill<std::int64_t>(call, [&](std::uint32_t row) { return bools[row]; });
  call.out->form = Form::kPlain;
}

// ---------------------------------------------------------------- to a double

template <class Cell>
void real_of_each(Call& call) {
  const auto* const cells = call.in<Cell>(0);
  fill<double>(call, [&](std::uint32_t row) { return to_real(cells[row]); });
}

void real_of_i64(Call& call) {
  if (!plain::to_reals(call.in<std::uint64_t>(0), call.rows, call.own<double>())) real_of_each<std::int64_t>(call);
}

void real_of_u64(Call& call) {
  const auto* const bits = call.in<std::uint64_t>(0);
  const bool is_done = plain::all_natural(bits, call.rows) && plain::to_reals(bits, call.rows, call.own<double>());
  if (!is_done) real_of_each<std::uint64_t>(call);
}

void real_of_integer(Call& call) {
  call.operands[0]->form == Form::kPlain ? real_of_i64(call) : real_of_each<Number>(call);
}

// ---------------------------------------------------------------- to 64 bits

template <class Integer>
bool fits(const Number& number) {
  if (is_real(number)) {
    const double value = to_real(number);
    const double top = std::is_signed_v<Integer> ? 0x1p63 : 0x1p64;
    return value == std::trunc(value) && value < top && value >= (std::is_signed_v<Integer> ? -0x1p63 : 0);
  }
  if (std::is_signed_v<Integer>) return number.kind == Number::Kind::kNegative || number.bits <= INT64_MAX;
  return number.kind == Number::Kind::kNatural;
}

template <class Integer>
Integer narrowed(const Number& number) {
  return is_real(number) ? static_cast<Integer>(to_real(number)) : static_cast<Integer>(number.bits);
}

// Between u64 and i64. The same bits, where the highest is 0; nearly always it is 0 in all rows.
void narrow_bits(Call& call) {
  const auto* const bits = call.in<std::uint64_t>(0);
  if (plain::all_natural(bits, call.rows)) return call.show(bits, Form::kCells);
  NullMarker nulls(call.out->validity, call.validity, call.rows);
  fill<std::uint64_t>(call, [&](std::uint32_t row) {
    if (bits[row] < plain::kSign) return bits[row];
    nulls.mark(row);
    return std::uint64_t{0};
  });
  call.show(call.memory, Form::kCells);
}

template <class Integer>
void narrow_integer(Call& call) {
  if (call.operands[0]->form == Form::kPlain) {
    return std::is_signed_v<Integer> ? call.show(call.in<std::int64_t>(0), Form::kCells) : narrow_bits(call);
  }
  const auto* const numbers = call.in<Number>(0);
  NullMarker nulls(call.out->validity, call.validity, call.rows);
  fill<Integer>(call, [&](std::uint32_t row) {
    if (fits<Integer>(numbers[row])) return narrowed<Integer>(numbers[row]);
    nulls.mark(row);
    return Integer{0};
  });
  call.show(call.memory, Form::kCells);
}

template <class Integer>
void narrow_bool(Call& call) {
  const auto* const bools = call.in<std::uint8_t>(0);
  fill<Integer>(call, [&](std::uint32_t row) { return static_cast<Integer>(bools[row]); });
}

// ---------------------------------------------------------------- to a boolean

template <class Cell>
void bool_of_each(Call& call) {
  const auto* const cells = call.in<Cell>(0);
  fill<std::uint8_t>(call, [&](std::uint32_t row) { return cells[row] == Cell{} ? 0 : 1; });
}

void bool_of_integer(Call& call) {
  call.operands[0]->form == Form::kPlain ? bool_of_each<std::int64_t>(call) : bool_of_each<Number>(call);
}

struct Conversion {
  ValueType from;
  ValueType to;
  Operation operation;
};

constexpr std::array kConversions = {
    Conversion{ValueType::kI64, ValueType::kInteger, {integer_of_i64}},
    Conversion{ValueType::kU64, ValueType::kInteger, {integer_of_u64}},
    Conversion{ValueType::kBool, ValueType::kInteger, {integer_of_bool}},
    Conversion{ValueType::kI64, ValueType::kReal, {real_of_i64}},
    Conversion{ValueType::kU64, ValueType::kReal, {real_of_u64}},
    Conversion{ValueType::kBool, ValueType::kReal, {real_of_each<std::uint8_t>}},
    Conversion{ValueType::kInteger, ValueType::kReal, {real_of_integer}},
    Conversion{ValueType::kI64, ValueType::kU64, {narrow_bits, Operation::Nulls::kMore}},
    Conversion{ValueType::kInteger, ValueType::kU64, {narrow_integer<std::uint64_t>, Operation::Nulls::kMore}},
    Conversion{ValueType::kBool, ValueType::kU64, {narrow_bool<std::uint64_t>}},
    Conversion{ValueType::kU64, ValueType::kI64, {narrow_bits, Operation::Nulls::kMore}},
    Conversion{ValueType::kInteger, ValueType::kI64, {narrow_integer<std::int64_t>, Operation::Nulls::kMore}},
    Conversion{ValueType::kBool, ValueType::kI64, {narrow_bool<std::int64_t>}},
    Conversion{ValueType::kI64, ValueType::kBool, {bool_of_each<std::int64_t>}},
    Conversion{ValueType::kU64, ValueType::kBool, {bool_of_each<std::uint64_t>}},
    Conversion{ValueType::kInteger, ValueType::kBool, {bool_of_integer}},
};

}  // namespace

const Operator& operator_of(Expression::Kind kind) {
  const auto* const found = std::ranges::find(kOperators, kind, &Operator::kind);
  return found == kOperators.end() ? comparison_of(kind) : *found;
}

const Operation& conversion(ValueType from, ValueType to) {
  const auto* const found =
      std::ranges::find_if(kConversions, [&](const Conversion& one) { return one.from == from && one.to == to; });
  assert(found != kConversions.end());
  return found->operation;
}

}  // namespace flowgauge::expression
