// map(x){key: result; ... else result}.
#include <fmt/format.h>

#include <algorithm>

#include "core/expression/binder.h"
#include "core/expression/types.h"

namespace flowgauge::expression {
namespace {

Number number_of(const IntegerLiteral& literal) {
  return {static_cast<std::uint64_t>(literal.negative ? signed_value(literal)
                                                      : static_cast<std::int64_t>(literal.magnitude)),
          literal.negative ? Number::Kind::kNegative : Number::Kind::kNatural};
}

}  // namespace

BindResult<Bound> ProgramBuilder::compile_map(const Expression& expression) {
  auto argument = compile(expression.children[0]);
  if (!argument) return argument;
  const bool of_text = argument->type == ValueType::kString;
  if (!of_text && !is_integer(argument->type)) {
    return refuse(expression.children[0],
                  fmt::format("map() takes an integer or a text, and this is {}", type_text(argument->type)));
  }
  Node node;
  node.operation = Operation::kMap;
  node.operands[0] = of_text ? argument->node : to_integer(*argument);
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
      return refuse(expression, of_text ? "the map is of a text: its keys must be 'texts'"
                                        : "the map is of an integer: its keys must be integers");
    }
    if (of_text) {
      one.key = std::get<std::string>(entry.key);
    } else {
      one.key = number_of(std::get<IntegerLiteral>(entry.key));
    }
    const auto same = [&](const MapCase& other) { return other.key == one.key; };
    if (std::any_of(node.cases.begin(), node.cases.end(), same)) return refuse(expression, "the map has a key twice");
    add_case(std::move(one), entry.result);
  }
  add_case(MapCase{}, expression.literal);
  if (any_text && any_number) return refuse(expression, "the results of the map must be all texts or all numbers");
  node.type = any_text ? ValueType::kString
                       : (any_real ? ValueType::kReal : (any_negative ? ValueType::kI64 : ValueType::kU64));
  for (MapCase& one : node.cases) {  // all of the node's type
    if (const auto* natural = std::get_if<std::uint64_t>(&one.result)) {
      if (node.type == ValueType::kReal) one.result = static_cast<double>(*natural);
      if (node.type == ValueType::kI64) {
        if (*natural > static_cast<std::uint64_t>(INT64_MAX)) {
          return refuse(expression, "the map has a negative result and one beyond the signed 64 bits");
        }
        one.result = static_cast<std::int64_t>(*natural);
      }
    } else if (const auto* negative = std::get_if<std::int64_t>(&one.result)) {
      if (node.type == ValueType::kReal) one.result = static_cast<double>(*negative);
    }
  }
  return made_of({&*argument}, add(node), node.type);
}

}  // namespace flowgauge::expression
