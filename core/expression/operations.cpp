// What each node computes: one loop over the rows.
#include <algorithm>
#include <cmath>
#include <string_view>

#include "core/expression/cells.h"
#include "core/expression/exact_statistics.h"
#include "core/expression/interpreter.h"
#include "core/expression/number.h"
#include "core/packet/endpoint_class.h"

namespace flowgauge::expression {
namespace {

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
  if (may_be_null_[index]) propagate_nulls(index);
  const auto reals = [&](auto combine) {
    const auto* a = in<double>(node, 0);
    const auto* b = in<double>(node, 1);
    fill<double>(out, rows_, [&](std::uint32_t row) { return finite(combine(a[row], b[row])); });
  };
  const ValueType from = node.operands[0] == kNoNode ? node.type : program_.nodes[node.operands[0]].type;
  const bool of_integers = from == ValueType::kInteger;

  switch (node.operation) {
    case Operation::kColumn:
    case Operation::kDerived:
    case Operation::kLiteral:
    case Operation::kCount:
    case Operation::kTotal:
    case Operation::kMin:
    case Operation::kMax:
      return;  // there already
    case Operation::kMean:
      return series_means(series_parts_[node.operands[0]], rows_, static_cast<double*>(out));
    case Operation::kStd:
      return series_stds(series_parts_[node.operands[0]], in<fg_series>(node, 0), rows_, static_cast<double*>(out));
    case Operation::kStdSample:
      return fill<double>(out, rows_, [&](auto row) { return series_std_sample(in<fg_series>(node, 0)[row]); });
    case Operation::kToInteger:
      return to_integer(index);
    case Operation::kToReal:
      return to_real(index);
    case Operation::kToU64:
    case Operation::kToI64:
      return narrow(index);
    case Operation::kAdd:
      return of_integers ? calculate(index) : reals([](double a, double b) { return a + b; });
    case Operation::kSubtract:
      return of_integers ? calculate(index) : reals([](double a, double b) { return a - b; });
    case Operation::kMultiply:
      return of_integers ? calculate(index) : reals([](double a, double b) { return a * b; });
    case Operation::kNegate:
      return of_integers ? calculate(index)
                         : fill<double>(out, rows_, [&](std::uint32_t row) { return -in<double>(node, 0)[row]; });
    case Operation::kDivide:
      return of_integers ? calculate(index) : divide_reals(node, static_cast<double*>(out));
    case Operation::kTruncDivide:
      return calculate(index);
    case Operation::kFloor:
      return floor(index);
    case Operation::kElapsed:
      return elapsed(node, static_cast<std::int64_t*>(out));
    case Operation::kMap:
      return map(node, out);
    case Operation::kTimeText:
      return fill<fg_string>(out, rows_, [&](std::uint32_t row) {
        char* const text = own_text_[index].get() + kTimeTextBytes * row;
        char* const end = time_text_.write(text, in<std::int64_t>(node, 0)[row], node.divisor, node.time_decimals);
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

void Interpreter::divide_reals(const Node& node, double* out) const {
  const auto* const a = in<double>(node, 0);
  const auto* const b = in<double>(node, 1);
  if (const double divisor = *b; is_constant_[node.operands[1]] && std::abs(divisor) >= 1) {
    fill<double>(out, rows_, [&](std::uint32_t row) { return a[row] / divisor; });  // no greater than a, so finite
  } else {
    fill<double>(out, rows_, [&](std::uint32_t row) { return b[row] == 0 ? 0 : finite(a[row] / b[row]); });
  }
}

void Interpreter::map(const Node& node, void* out) {
  const std::size_t last = node.cases.size() - 1;
  const bool of_text = program_.nodes[node.operands[0]].type == ValueType::kString;
  const Number* const cells = of_text ? nullptr : numbers(node, 0);
  const auto chosen = [&](std::uint32_t row) {
    std::size_t one = 0;
    if (of_text) {
      const std::string_view text = view(in<fg_string>(node, 0)[row]);
      while (one < last && std::get<std::string>(node.cases[one].key) != text) ++one;
    } else {
      const Number& number = cells[row];
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

}  // namespace flowgauge::expression
