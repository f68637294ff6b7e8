#include "core/expression/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

#include "core/expression/integer_kernel.h"

namespace flowgauge::expression {
namespace {

// ---------------------------------------------------------------- the loop

// What a cell of an operand is looked up as.
const Number* keys(const Call& call, const Number&) { return numbers(call, 0); }
const fg_string* keys(const Call& call, const std::string&) { return call.in<fg_string>(0); }

bool is_key(const Number& cell, const Number& key) { return cell == key; }
bool is_key(const fg_string& cell, const std::string& key) { return text_of(cell) == key; }

std::uint64_t result_cell(std::uint64_t result) { return result; }
std::int64_t result_cell(std::int64_t result) { return result; }
double result_cell(const Real& result) { return result.value; }
fg_string result_cell(const std::string& result) { return string_cell(result); }

template <class Key, class Result>
void map(Call& call) {
  const std::vector<MapCase>& cases = call.node->cases;
  const std::size_t last = cases.size() - 1;
  const auto* const cells = keys(call, Key());
  fill<decltype(result_cell(Result()))>(call, [&](std::uint32_t row) {
    std::size_t one = 0;
    while (one < last && !is_key(cells[row], *std::get_if<Key>(&cases[one].key))) ++one;
    return result_cell(*std::get_if<Result>(&cases[one].result));
  });
}

template <class Key>
const Operation& map_to(ValueType type) {
  static constexpr Operation kToU64{map<Key, std::uint64_t>};
  static constexpr Operation kToI64{map<Key, std::int64_t>};
  static constexpr Operation kToReal{map<Key, Real>};
  static constexpr Operation kToString{map<Key, std::string>};
  switch (type) {
    case ValueType::kString:
      return kToString;
    case ValueType::kReal:
      return kToReal;
    case ValueType::kI64:
      return kToI64;
    default:
      return kToU64;
  }
}

// ---------------------------------------------------------------- binding

Number number_of(const IntegerLiteral& literal) {
  return literal.negative ? to_number(signed_value(literal)) : to_number(literal.magnitude);
}

// All of one type; false: a negative one and one beyond the signed 64 bits.
bool unify(std::vector<MapCase>& cases, ValueType type) {
  for (MapCase& one : cases) {
    if (const auto* const natural = std::get_if<std::uint64_t>(&one.result)) {
      if (type == ValueType::kReal) {
        one.result = Real{static_cast<double>(*natural)};
      } else if (type == ValueType::kI64) {
        if (*natural > static_cast<std::uint64_t>(INT64_MAX)) return false;
        one.result = static_cast<std::int64_t>(*natural);
      }
    } else if (const auto* const negative = std::get_if<std::int64_t>(&one.result)) {
      if (type == ValueType::kReal) one.result = Real{static_cast<double>(*negative)};
    }
  }
  return true;
}

}  // namespace

BindResult<Bound> bind_map(Binder& binder, const Expression& expression) {
  auto argument = binder.compile(expression.children[0]);
  if (!argument) return argument;
  const bool of_text = argument->type == ValueType::kString;
  if (!of_text && !is_integer(argument->type)) {
    return binder.refuse(expression.children[0],
                         fmt::format("map() takes an integer or a text, and this is {}", type_text(argument->type)));
  }
  Node node;
  node.source = Source::kOperation;
  node.operands[0] = of_text ? argument->node : binder.nodes().converted(argument->node, ValueType::kInteger);
  bool any_text = false;
  bool any_number = false;
  bool any_real = false;
  bool any_negative = false;
  const auto add_case = [&](MapCase one, const LiteralValue& result) {
    auto [literal, type] = literal_of(result);
    (type == ValueType::kString ? any_text : any_number) = true;
    any_real = any_real || type == ValueType::kReal;
    any_negative = any_negative || type == ValueType::kI64;
    one.result = std::move(literal);
    node.cases.push_back(std::move(one));
  };
  for (const MapEntry& entry : expression.entries) {
    MapCase one;
    if (of_text != std::holds_alternative<std::string>(entry.key)) {
      return binder.refuse(expression, of_text ? "the map is of a text: its keys must be 'texts'"
                                               : "the map is of an integer: its keys must be integers");
    }
    if (of_text) {
      one.key = std::get<std::string>(entry.key);
    } else {
      one.key = number_of(std::get<IntegerLiteral>(entry.key));
    }
    const auto same = [&](const MapCase& other) { return other.key == one.key; };
    if (std::any_of(node.cases.begin(), node.cases.end(), same)) {
      return binder.refuse(expression, "the map has a key twice");
    }
    add_case(std::move(one), entry.result);
  }
  add_case(MapCase{}, expression.literal);
  if (any_text && any_number) {
    return binder.refuse(expression, "the results of the map must be all texts or all numbers");
  }
  node.type = any_text ? ValueType::kString
                       : (any_real ? ValueType::kReal : (any_negative ? ValueType::kI64 : ValueType::kU64));
  if (!unify(node.cases, node.type)) {
    return binder.refuse(expression, "the map has a negative result and one beyond the signed 64 bits");
  }
  node.operation = of_text ? &map_to<std::string>(node.type) : &map_to<Number>(node.type);
  const ValueType type = node.type;
  return made_of({&*argument}, binder.nodes().add(std::move(node)), type);
}

}  // namespace flowgauge::expression
