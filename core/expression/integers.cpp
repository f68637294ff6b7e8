// Integer nodes. Nearly all vectors hold integers of 63 bits at most and so do all results: then cells stay plain 64-bit
// integers. One row that does not fit, and the whole vector is worked out on Number.
#include <cmath>
#include <limits>
#include <type_traits>

#include "core/expression/cells.h"
#include "core/expression/interpreter.h"
#include "core/expression/number.h"
#include "core/expression/plain_integers.h"

namespace flowgauge::expression {
namespace {

template <class Integer>
bool fits(const Number& number) {
  if (is_real(number)) {
    const double value = expression::to_real(number);
    const double top = std::is_signed_v<Integer> ? 0x1p63 : 0x1p64;
    return value == std::trunc(value) && value < top && value >= (std::is_signed_v<Integer> ? -0x1p63 : 0);
  }
  if (std::is_signed_v<Integer>) return number.kind == Number::Kind::kNegative || number.bits <= INT64_MAX;
  return number.kind == Number::Kind::kNatural;
}

template <class Integer>
Integer narrowed(const Number& number) {
  return is_real(number) ? static_cast<Integer>(expression::to_real(number)) : static_cast<Integer>(number.bits);
}

// work(divisor), where a unit's divisor is a constant: the compiler then multiplies instead.
template <class Work>
void by_unit(std::int64_t divisor, Work work) {
  switch (divisor) {
    case 1'000:
      return work(std::integral_constant<std::int64_t, 1'000>());
    case 1'000'000:
      return work(std::integral_constant<std::int64_t, 1'000'000>());
    case 1'000'000'000:
      return work(std::integral_constant<std::int64_t, 1'000'000'000>());
    default:
      return work(divisor);
  }
}

}  // namespace

const Number* Interpreter::numbers(const Node& node, std::size_t operand) {
  const Vector& vector = vectors_[node.operands[operand]];
  if (!vector.is_plain) return static_cast<const Number*>(vector.cells);
  Number* const out = widened_[operand].data();
  const auto* const cells = static_cast<const std::int64_t*>(vector.cells);
  fill<Number>(out, rows_, [&](std::uint32_t row) { return to_number(cells[row]); });
  return out;
}

void Interpreter::to_integer(std::size_t index) {
  const Node& node = program_.nodes[index];
  void* const own = own_cells_[index].get();
  const auto* const bits = in<std::uint64_t>(node, 0);
  switch (program_.nodes[node.operands[0]].type) {
    case ValueType::kI64:
      vectors_[index].cells = bits;
      vectors_[index].is_plain = true;
      return;
    case ValueType::kU64:
      vectors_[index].is_plain = plain::all_natural(bits, rows_);
      vectors_[index].cells = vectors_[index].is_plain ? bits : own;
      if (!vectors_[index].is_plain) fill<Number>(own, rows_, [&](auto row) { return to_number(bits[row]); });
      return;
    default:  // booleans; a Number is one already
      fill<std::int64_t>(own, rows_, [&](auto row) { return in<std::uint8_t>(node, 0)[row]; });
      vectors_[index].is_plain = true;
  }
}

void Interpreter::to_real(std::size_t index) {
  const Node& node = program_.nodes[index];
  auto* const out = reinterpret_cast<double*>(own_cells_[index].get());
  const ValueType from = program_.nodes[node.operands[0]].type;
  const auto each = [&]<class Cell>(Cell) {
    fill<double>(out, rows_, [&](std::uint32_t row) { return expression::to_real(in<Cell>(node, 0)[row]); });
  };
  const auto* const bits = in<std::uint64_t>(node, 0);
  if (from == ValueType::kBool) {
    each(std::uint8_t{});
  } else if (from == ValueType::kInteger && !vectors_[node.operands[0]].is_plain) {
    each(Number{});
  } else if (from == ValueType::kU64) {
    if (!plain::all_natural(bits, rows_) || !plain::to_reals(bits, rows_, out)) each(std::uint64_t{});
  } else if (!plain::to_reals(bits, rows_, out)) {
    each(std::int64_t{});
  }
}

void Interpreter::calculate(std::size_t index) {
  const Node& node = program_.nodes[index];
  const bool is_unary = node.operation == Operation::kNegate;
  const bool are_plain = vectors_[node.operands[0]].is_plain && (is_unary || vectors_[node.operands[1]].is_plain);
  const bool is_done = are_plain && calculate_plain(node, own_cells_[index].get());
  vectors_[index].is_plain = is_done && node.type == ValueType::kInteger;
  if (is_done) return;
  const Number* const a = numbers(node, 0);
  const Number* const b = is_unary ? a : numbers(node, 1);
  const auto each = [&](auto combine) {
    using Out = decltype(combine(*a, *b));
    fill<Out>(own_cells_[index].get(), rows_, [&](std::uint32_t row) { return combine(a[row], b[row]); });
  };
  switch (node.operation) {
    case Operation::kAdd:
      return each([](const Number& x, const Number& y) { return add(x, y); });
    case Operation::kSubtract:
      return each([](const Number& x, const Number& y) { return subtract(x, y); });
    case Operation::kMultiply:
      return each([](const Number& x, const Number& y) { return multiply(x, y); });
    case Operation::kNegate:
      return each([](const Number& x, const Number&) { return negate(x); });
    case Operation::kDivide:
      return each([](const Number& x, const Number& y) { return divide(x, y); });
    default:
      return each([](const Number& x, const Number& y) { return trunc_divide(x, y); });
  }
}

// False: some row's result is beyond plain integers, or beyond what a plain division is exact for.
bool Interpreter::calculate_plain(const Node& node, std::uint64_t* out) const {
  const auto* const a = in<std::uint64_t>(node, 0);
  const auto* const b = node.operation == Operation::kNegate ? nullptr : in<std::uint64_t>(node, 1);
  switch (node.operation) {
    case Operation::kAdd:
      return plain::add(a, b, rows_, out);
    case Operation::kSubtract:
      return plain::subtract(a, b, rows_, out);
    case Operation::kMultiply:
      return plain::multiply(a, b, rows_, out);
    case Operation::kNegate:
      return plain::negate(a, rows_, out);
    case Operation::kDivide:
      return divide_plain(a, b, is_constant_[node.operands[1]], reinterpret_cast<double*>(out));
    default:
      return false;
  }
}

bool Interpreter::divide_plain(const std::uint64_t* a, const std::uint64_t* b, bool by_one, double* out) const {
  const auto numerator = [&](std::uint32_t row) { return a[row]; };
  // By one number for all rows, such as 1,000,000: what is asked of it is asked once.
  if (by_one)
    return plain::divide(
        rows_, numerator, [divisor = *b](std::uint32_t) { return divisor; }, out);
  return plain::divide(
      rows_, numerator, [&](std::uint32_t row) { return b[row]; }, out);
}

void Interpreter::floor(std::size_t index) {
  const Node& node = program_.nodes[index];
  void* const out = own_cells_[index].get();
  vectors_[index].is_plain = vectors_[node.operands[0]].is_plain;
  by_unit(node.divisor, [&](auto divisor) {
    if (node.type == ValueType::kU64) {
      fill<std::uint64_t>(out, rows_, [&](auto row) { return floor_divide(in<std::uint64_t>(node, 0)[row], divisor); });
    } else if (node.type == ValueType::kI64 || vectors_[index].is_plain) {
      fill<std::int64_t>(out, rows_, [&](auto row) { return floor_divide(in<std::int64_t>(node, 0)[row], divisor); });
    } else {
      fill<Number>(out, rows_, [&](auto row) { return floor_divide(in<Number>(node, 0)[row], divisor); });
    }
  });
}

void Interpreter::narrow(std::size_t index) {
  const Node& node = program_.nodes[index];
  const Vector& from = vectors_[node.operands[0]];
  const ValueType type = program_.nodes[node.operands[0]].type;
  std::uint64_t* const own = own_validity_[index].get();
  const auto* const given = vectors_[index].validity;
  bool has_misfit = false;
  const auto set_null = [&](std::uint32_t row) {
    if (!has_misfit) {
      for (std::size_t word = 0; word < bitmap_words(rows_); ++word) {
        own[word] = given == nullptr ? ~std::uint64_t{0} : given[word];
      }
      vectors_[index].validity = own;
      has_misfit = true;
    }
    own[row / 64] &= ~(std::uint64_t{1} << (row % 64));
  };
  if (type == ValueType::kU64 || type == ValueType::kI64 || from.is_plain) {
    // The same bits, where the highest is 0; nearly always it is 0 in all rows.
    const auto* const bits = static_cast<const std::uint64_t*>(from.cells);
    const bool all_fit = (from.is_plain && node.type == ValueType::kI64) || plain::all_natural(bits, rows_);
    vectors_[index].cells = all_fit ? from.cells : own_cells_[index].get();
    if (all_fit) return;
    fill<std::uint64_t>(own_cells_[index].get(), rows_, [&](std::uint32_t row) {
      if (bits[row] < plain::kSign) return bits[row];
      set_null(row);
      return std::uint64_t{0};
    });
    return;
  }
  vectors_[index].cells = own_cells_[index].get();
  const auto to = [&]<class Integer>(Integer) {
    fill<Integer>(own_cells_[index].get(), rows_, [&](std::uint32_t row) {
      if (type == ValueType::kBool) return static_cast<Integer>(static_cast<const std::uint8_t*>(from.cells)[row]);
      const Number& number = static_cast<const Number*>(from.cells)[row];
      if (fits<Integer>(number)) return narrowed<Integer>(number);
      set_null(row);
      return Integer{0};
    });
  };
  node.operation == Operation::kToU64 ? to(std::uint64_t{}) : to(std::int64_t{});
}

void Interpreter::elapsed(const Node& node, std::int64_t* out) const {
  const auto* const first = in<std::int64_t>(node, 0);
  const auto* const last = in<std::int64_t>(node, 1);
  const auto* const start = node.operands[2] == kNoNode ? nullptr : in<std::int64_t>(node, 2);
  const bool first_may_be_never = (node.time_operands & 1U) != 0;
  const bool last_may_be_never = (node.time_operands & 2U) != 0;
  by_unit(node.divisor, [&](auto divisor) {
    for (std::uint32_t row = 0; row < rows_; ++row) {
      // A relative time that never was is 0 here. Where the flow begins after the epoch no real time is 0; before it
      // a 0 may be either, and is taken for real.
      const bool is_after_epoch = start == nullptr || start[row] > 0;
      const bool never =
          is_after_epoch && ((first_may_be_never && first[row] == 0) || (last_may_be_never && last[row] == 0));
      std::int64_t difference = 0;
      if (!never &&
          __builtin_sub_overflow(floor_divide(last[row], divisor), floor_divide(first[row], divisor), &difference)) {
        difference = last[row] < first[row] ? INT64_MIN : INT64_MAX;
      }
      out[row] = difference;
    }
  });
}

}  // namespace flowgauge::expression
