// What each node computes: one loop over the rows.
#include <algorithm>
#include <cmath>
#include <string_view>
#include <type_traits>

#include "core/export/exact_statistics.h"
#include "core/export/expression_cells.h"
#include "core/export/expression_eval.h"
#include "core/export/integer_arithmetic.h"
#include "core/packet/endpoint_class.h"

namespace flowgauge {
namespace {

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

// UTF-8: bytes of the form 10xxxxxx continue a character.
std::string_view first_characters(std::string_view text, std::int64_t count) {
  std::size_t end = 0;
  while (end < text.size() && ((static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U || count-- > 0)) ++end;
  return text.substr(0, end);
}

}  // namespace

void Interpreter::run_node(std::size_t index) {
  const Node& node = program_.nodes[index];
  void* const out = own_cells_[index].get();
  propagate_nulls(index);
  const auto series = [&](auto take) {
    const auto* cells = in<fg_series>(node, 0);
    using Out = decltype(take(*cells));
    fill<Out>(out, rows_, [&](std::uint32_t row) { return take(cells[row]); });
  };
  const auto integers = [&](auto combine) {
    const auto* a = in<Number>(node, 0);
    const auto* b = in<Number>(node, 1);
    using Out = decltype(combine(*a, *b));
    fill<Out>(out, rows_, [&](std::uint32_t row) { return combine(a[row], b[row]); });
  };
  const auto reals = [&](auto combine) {
    const auto* a = in<double>(node, 0);
    const auto* b = in<double>(node, 1);
    fill<double>(out, rows_, [&](std::uint32_t row) { return finite(combine(a[row], b[row])); });
  };
  const ValueType from = node.operands[0] == kNoNode ? node.type : program_.nodes[node.operands[0]].type;
  const bool of_integers = from == ValueType::kInteger;
  // out[row] = convert(the number in the operand), whatever integer type it has.
  const auto from_integer = [&](auto convert) {
    using Out = decltype(convert(Number{}));
    const void* const cells = vectors_[node.operands[0]].cells;
    switch (from) {
      case ValueType::kU64:
        return fill<Out>(out, rows_, [&](auto row) { return convert(to_number(in<std::uint64_t>(node, 0)[row])); });
      case ValueType::kI64:
        return fill<Out>(out, rows_, [&](auto row) { return convert(to_number(in<std::int64_t>(node, 0)[row])); });
      case ValueType::kInteger:
        return fill<Out>(out, rows_, [&](auto row) { return convert(in<Number>(node, 0)[row]); });
      default:
        return fill<Out>(out, rows_, [&](auto row) {
          return convert(to_number(std::uint64_t{static_cast<const std::uint8_t*>(cells)[row]}));
        });
    }
  };

  switch (node.operation) {
    case Operation::kColumn:
    case Operation::kDerived:
    case Operation::kLiteral:
      return;  // there already
    case Operation::kCount:
      return series([](const fg_series& s) { return s.count; });
    case Operation::kTotal:
      return series([](const fg_series& s) { return s.sum; });
    case Operation::kMin:
      return series([](const fg_series& s) { return s.min; });
    case Operation::kMax:
      return series([](const fg_series& s) { return s.max; });
    case Operation::kMean:
      return series([](const fg_series& s) { return series_mean(s); });
    case Operation::kStd:
      return series([](const fg_series& s) { return series_std(s); });
    case Operation::kStdSample:
      return series([](const fg_series& s) { return series_std_sample(s); });
    case Operation::kToInteger:
      return from_integer([](const Number& n) { return n; });
    case Operation::kToReal:
      return from_integer([](const Number& n) { return to_real(n); });
    case Operation::kToU64:
    case Operation::kToI64:
      return narrow(index);
    case Operation::kAdd:
      return of_integers ? integers([](const Number& a, const Number& b) { return add(a, b); })
                         : reals([](double a, double b) { return a + b; });
    case Operation::kSubtract:
      return of_integers ? integers([](const Number& a, const Number& b) { return subtract(a, b); })
                         : reals([](double a, double b) { return a - b; });
    case Operation::kMultiply:
      return of_integers ? integers([](const Number& a, const Number& b) { return multiply(a, b); })
                         : reals([](double a, double b) { return a * b; });
    case Operation::kNegate:
      return of_integers ? from_integer([](const Number& a) { return negate(a); })
                         : fill<double>(out, rows_, [&](std::uint32_t row) { return -in<double>(node, 0)[row]; });
    case Operation::kDivide:
      return of_integers ? integers([](const Number& a, const Number& b) { return divide(a, b); })
                         : reals([](double a, double b) { return b == 0 ? 0 : a / b; });
    case Operation::kTruncDivide:
      return integers([](const Number& a, const Number& b) { return trunc_divide(a, b); });
    case Operation::kFloor:
      if (from == ValueType::kU64) {
        return fill<std::uint64_t>(
            out, rows_, [&](auto row) { return floor_divide(in<std::uint64_t>(node, 0)[row], node.divisor); });
      }
      if (from == ValueType::kI64) {
        return fill<std::int64_t>(out, rows_,
                                  [&](auto row) { return floor_divide(in<std::int64_t>(node, 0)[row], node.divisor); });
      }
      return fill<Number>(out, rows_, [&](auto row) { return floor_divide(in<Number>(node, 0)[row], node.divisor); });
    case Operation::kElapsed:
      return elapsed(node, static_cast<std::int64_t*>(out));
    case Operation::kMap:
      return map(node, out);
    case Operation::kTimeText:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        char* const text = own_text_[index].get() + kTimeTextBytes * row;
        char* const end = time_text_.write(text, in<std::int64_t>(node, 0)[row]);
        return fg_string{text, static_cast<std::uint64_t>(end - text)};
      });
    case Operation::kPortClass:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        const std::uint64_t port = std::min<std::uint64_t>(in<std::uint64_t>(node, 0)[row], UINT16_MAX);
        return string_cell(port_class(static_cast<std::uint16_t>(port)));
      });
    case Operation::kServiceGroup:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        const std::uint64_t port = std::min<std::uint64_t>(in<std::uint64_t>(node, 0)[row], UINT16_MAX);
        const std::uint64_t protocol = std::min<std::uint64_t>(in<std::uint64_t>(node, 1)[row], UINT8_MAX);
        return string_cell(service_group(static_cast<std::uint16_t>(port), static_cast<std::uint8_t>(protocol)));
      });
    case Operation::kPrefix:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        return string_cell(first_characters(view(in<fg_string>(node, 0)[row]), node.divisor));
      });
  }
}

void Interpreter::narrow(std::size_t index) {
  const Node& node = program_.nodes[index];
  const ValueType from = program_.nodes[node.operands[0]].type;
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
  const void* const cells = vectors_[node.operands[0]].cells;
  if (from == ValueType::kU64 || from == ValueType::kI64) {
    // The same bits, where the highest is 0; nearly always it is 0 in all rows.
    const auto* const bits = static_cast<const std::uint64_t*>(cells);
    std::uint64_t all = 0;
    for (std::uint32_t row = 0; row < rows_; ++row) all |= bits[row];
    vectors_[index].cells = all >> 63 == 0 ? cells : own_cells_[index].get();
    if (all >> 63 == 0) return;
    fill<std::uint64_t>(own_cells_[index].get(), rows_, [&](std::uint32_t row) {
      if (bits[row] >> 63 == 0) return bits[row];
      set_null(row);
      return std::uint64_t{0};
    });
    return;
  }
  const auto to = [&]<class Integer>(Integer) {
    fill<Integer>(own_cells_[index].get(), rows_, [&](std::uint32_t row) {
      if (from == ValueType::kBool) return static_cast<Integer>(static_cast<const std::uint8_t*>(cells)[row]);
      const Number& number = static_cast<const Number*>(cells)[row];
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
  for (std::uint32_t row = 0; row < rows_; ++row) {
    // A relative time that never was is 0 here. Where the flow begins after the epoch no real time is 0; before it
    // a 0 may be either, and is taken for real.
    const bool is_after_epoch = start == nullptr || start[row] > 0;
    const bool never = is_after_epoch && (((node.time_operands & 1U) != 0 && first[row] == 0) ||
                                          ((node.time_operands & 2U) != 0 && last[row] == 0));
    std::int64_t difference = 0;
    if (!never && __builtin_sub_overflow(floor_divide(last[row], node.divisor), floor_divide(first[row], node.divisor),
                                         &difference)) {
      difference = last[row] < first[row] ? INT64_MIN : INT64_MAX;
    }
    out[row] = difference;
  }
}

void Interpreter::map(const Node& node, void* out) {
  const std::size_t last = node.cases.size() - 1;
  const bool of_text = program_.nodes[node.operands[0]].type == ValueType::kString;
  const auto chosen = [&](std::uint32_t row) {
    std::size_t one = 0;
    if (of_text) {
      const std::string_view text = view(in<fg_string>(node, 0)[row]);
      while (one < last && std::get<std::string>(node.cases[one].key) != text) ++one;
    } else {
      const Number& number = in<Number>(node, 0)[row];
      while (one < last && std::get<Number>(node.cases[one].key) != number) ++one;
    }
    return one;
  };
  const auto results = [&]<class Out>(Out) {
    fill<Out>(out, rows_, [&](std::uint32_t row) { return std::get<Out>(node.cases[chosen(row)].result); });
  };
  switch (node.type) {
    case ValueType::kString: {
      const fg_string* const texts = map_texts_[static_cast<std::size_t>(&node - program_.nodes.data())].get();
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) { return texts[chosen(row)]; });
    }
    case ValueType::kReal:
      return results(double{});
    case ValueType::kI64:
      return results(std::int64_t{});
    default:
      return results(std::uint64_t{});
  }
}

}  // namespace flowgauge
