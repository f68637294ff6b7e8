#include "core/expression/map.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "core/base/try.h"
#include "core/expression/arithmetic.h"
#include "core/expression/choice.h"
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

using MapKey = decltype(MapCase::key);

// The keys as cells of `argument` are looked up, each once.
BindResult<std::vector<MapKey>> keys_of(Binder& binder, const Expression& map, bool of_text) {
  std::vector<MapKey> keys;
  for (const LiteralValue& literal : map.keys) {
    if (of_text != std::holds_alternative<std::string>(literal)) {
      return binder.refuse(map, of_text ? "the map is of a text: its keys must be 'texts'"
                                        : "the map is of an integer: its keys must be integers");
    }
    MapKey key;
    if (of_text) {
      key = std::get<std::string>(literal);
    } else {
      key = number_of(std::get<IntegerLiteral>(literal));
    }
    if (std::ranges::find(keys, key) != keys.end()) return binder.refuse(map, "the map has a key twice");
    keys.push_back(std::move(key));
  }
  return keys;
}

constexpr std::string_view kMixedResults = "the results of the map must be all texts or all numbers";

// All results are literals: one loop looks them up.
BindResult<Bound> bind_literals(Binder& binder, const Expression& map, const Bound& argument,
                                std::vector<MapKey> keys) {
  Node node;
  node.source = Source::kOperation;
  node.operands[0] = argument.node;
  bool any_text = false;
  bool any_number = false;
  bool any_real = false;
  bool any_negative = false;
  keys.emplace_back();  // of else
  for (std::size_t i = 0; i < keys.size(); ++i) {
    auto [literal, type] = literal_of(map.children[i + 1].literal);
    (type == ValueType::kString ? any_text : any_number) = true;
    any_real = any_real || type == ValueType::kReal;
    any_negative = any_negative || type == ValueType::kI64;
    node.cases.push_back({std::move(keys[i]), std::move(literal)});
  }
  if (any_text && any_number) return binder.refuse(map, std::string(kMixedResults));
  node.type = any_text ? ValueType::kString
                       : (any_real ? ValueType::kReal : (any_negative ? ValueType::kI64 : ValueType::kU64));
  if (!unify(node.cases, node.type)) {
    return binder.refuse(map, "the map has a negative result and one beyond the signed 64 bits");
  }
  const bool of_text = argument.type == ValueType::kString;
  node.operation = of_text ? &map_to<std::string>(node.type) : &map_to<Number>(node.type);
  const ValueType type = node.type;
  return made_of({&argument}, binder.nodes().add(std::move(node)), type);
}

// The type that holds all of them.
std::optional<ValueType> common_type(const std::vector<Bound>& results) {
  const auto all = [&](auto has) { return std::ranges::all_of(results, has, &Bound::type); };
  const ValueType first = results.front().type;
  if (all([&](ValueType type) { return type == first; })) return first;
  if (!all(is_number)) return std::nullopt;
  return all(is_integer) ? ValueType::kInteger : ValueType::kReal;
}

std::uint32_t key_node(ProgramBuilder& nodes, const LiteralValue& key) {
  auto [literal, type] = literal_of(key);
  const std::uint32_t node = nodes.add_literal(std::move(literal), type);
  return type == ValueType::kString ? node : nodes.converted(node, ValueType::kInteger);
}

// As if(x == key, result, if(x == key, ...)).
BindResult<Bound> bind_expressions(Binder& binder, const Expression& map, const Bound& argument) {
  ProgramBuilder& nodes = binder.nodes();
  Bound whole = argument;
  std::vector<Bound> results;
  for (std::size_t i = 1; i < map.children.size(); ++i) {
    results.push_back(TRY(binder.compile(map.children[i])));
    take_over(whole, results.back());
  }
  const auto type = common_type(results);
  if (!type || *type == ValueType::kSeries) return binder.refuse(map, std::string(kMixedResults));
  const Operator& equal = operator_of(Expression::Kind::kEqual);
  const auto choose = [&](std::uint32_t key, std::uint32_t then, std::uint32_t otherwise) {
    Node condition;
    condition.source = Source::kOperation;
    condition.type = ValueType::kBool;
    condition.operands = {argument.node, key, kNoNode};
    condition.operation = argument.type == ValueType::kString ? &equal.texts : &equal.integers;
    Node node;
    node.source = Source::kOperation;
    node.type = *type;
    node.operands = {nodes.add(std::move(condition)), then, otherwise};
    node.operation = &choice_by_condition(*type);
    return nodes.add(std::move(node));
  };
  whole.node = nodes.converted(results.back().node, *type);
  // Null where x is, also without a key.
  if (map.keys.empty()) whole.node = choose(argument.node, whole.node, whole.node);
  for (std::size_t i = map.keys.size(); i-- > 0;) {
    whole.node = choose(key_node(nodes, map.keys[i]), nodes.converted(results[i].node, *type), whole.node);
  }
  whole.type = *type;
  return whole;
}

}  // namespace

BindResult<Bound> bind_map(Binder& binder, const Expression& expression) {
  Bound argument = TRY(binder.compile(expression.children[0]));
  const bool of_text = argument.type == ValueType::kString;
  if (!of_text && !is_integer(argument.type)) {
    return binder.refuse(expression.children[0],
                         fmt::format("map() takes an integer or a text, and this is {}", type_text(argument.type)));
  }
  if (!of_text) argument.node = binder.nodes().converted(argument.node, ValueType::kInteger);
  auto keys = TRY(keys_of(binder, expression, of_text));
  const bool all_literals = std::all_of(expression.children.begin() + 1, expression.children.end(),
                                        [](const auto& one) { return one.kind == Expression::Kind::kLiteral; });
  return all_literals ? bind_literals(binder, expression, argument, std::move(keys))
                      : bind_expressions(binder, expression, argument);
}

}  // namespace flowgauge::expression
