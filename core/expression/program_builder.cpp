// The nodes of a program: equal ones once, converted as wanted, and in the end only those that are used.
#include <fmt/format.h>

#include <utility>

#include "core/expression/binder.h"
#include "core/expression/types.h"
#include "core/plugin/module.h"

namespace flowgauge::expression {
namespace {

std::string literal_key(const Literal& literal) {
  return std::visit([&](const auto& value) { return fmt::format("{}:{}", literal.index(), value); }, literal);
}

// Two nodes with the same text compute the same.
std::string node_key(const Node& node) {
  std::string key = fmt::format("{} {} {} {} {} {} {} {} {} {} {} {}", static_cast<int>(node.operation),
                                static_cast<int>(node.type), node.operands[0], node.operands[1], node.operands[2],
                                static_cast<const void*>(node.column), node.derive, node.output, node.divisor,
                                node.time_operands, static_cast<int>(node.time_decimals), literal_key(node.literal));
  for (const MapCase& one : node.cases) {
    if (const auto* number = std::get_if<Number>(&one.key)) {
      key += fmt::format("\n{} {}", number->bits, static_cast<std::uint64_t>(number->kind));
    } else {
      const auto& text = std::get<std::string>(one.key);
      key += fmt::format("\n'{} {}", text.size(), text);
    }
    key += fmt::format(" {}", literal_key(one.result));
  }
  return key;
}

}  // namespace

BindResult<std::uint32_t> ProgramBuilder::as_declared(const Bound& bound, fg_type declared) {
  if (declared == FG_F64 && is_number(bound.type)) return to_real(bound);
  if (declared == FG_U64 && is_integer(bound.type)) {
    return bound.type == ValueType::kU64 ? bound.node : convert(bound.node, Operation::kToU64, ValueType::kU64);
  }
  if (declared == FG_I64 && is_integer(bound.type)) {
    return bound.type == ValueType::kI64 ? bound.node : convert(bound.node, Operation::kToI64, ValueType::kI64);
  }
  if ((declared == FG_BOOL && bound.type == ValueType::kBool) ||
      (declared == FG_STRING && bound.type == ValueType::kString) ||
      (declared == FG_LIST_U64 && bound.type == ValueType::kList)) {
    return bound.node;
  }
  const bool wants_integer = (declared == FG_U64 || declared == FG_I64) && bound.type == ValueType::kReal;
  return std::unexpected(
      BindError{fault_, 1,
                fmt::format("it is declared as {}, but gives {}{}", type_name(declared), type_text(bound.type),
                            wants_integer ? "; declare f64, or use floor() or trunc_div()" : "")});
}

std::uint32_t ProgramBuilder::add(Node node) {
  auto [known, is_new] = known_.try_emplace(node_key(node), static_cast<std::uint32_t>(nodes_.size()));
  if (is_new) nodes_.push_back(std::move(node));
  return known->second;
}

std::uint32_t ProgramBuilder::add_literal(Literal literal, ValueType type) {
  Node node;
  node.operation = Operation::kLiteral;
  node.type = type;
  node.literal = std::move(literal);
  return add(std::move(node));
}

std::uint32_t ProgramBuilder::convert(std::uint32_t from, Operation operation, ValueType type) {
  Node node;
  node.operation = operation;
  node.type = type;
  node.operands[0] = from;
  return add(std::move(node));
}

std::uint32_t ProgramBuilder::to_integer(const Bound& bound) {
  return bound.type == ValueType::kInteger ? bound.node
                                           : convert(bound.node, Operation::kToInteger, ValueType::kInteger);
}

std::uint32_t ProgramBuilder::to_real(const Bound& bound) {
  return bound.type == ValueType::kReal ? bound.node : convert(bound.node, Operation::kToReal, ValueType::kReal);
}

Program ProgramBuilder::finish(std::span<const std::uint32_t> outputs) const {
  // Operands come before their users, so one walk backwards marks all that is used.
  std::vector<bool> used(nodes_.size(), false);
  for (const std::uint32_t output : outputs) used[output] = true;
  for (std::size_t i = nodes_.size(); i-- > 0;) {
    if (!used[i]) continue;
    for (const std::uint32_t operand : nodes_[i].operands) {
      if (operand != kNoNode) used[operand] = true;
    }
  }
  Program program;
  std::vector<std::uint32_t> moved_to(nodes_.size(), kNoNode);
  std::map<std::uint32_t, std::uint32_t> derive_to;
  for (std::size_t i = 0; i < nodes_.size(); ++i) {
    if (!used[i]) continue;
    Node node = nodes_[i];
    for (std::uint32_t& operand : node.operands) {
      if (operand != kNoNode) operand = moved_to[operand];
    }
    if (node.operation == Operation::kDerived) {
      const auto [at, is_new] = derive_to.try_emplace(node.derive, static_cast<std::uint32_t>(program.derives.size()));
      if (is_new) program.derives.push_back(program_derives_[node.derive]);
      node.derive = at->second;
      program.derives[node.derive].wanted[node.output] = true;
    }
    moved_to[i] = static_cast<std::uint32_t>(program.nodes.size());
    program.nodes.push_back(std::move(node));
  }
  for (const std::uint32_t output : outputs) program.outputs.push_back(moved_to[output]);
  return program;
}

}  // namespace flowgauge::expression
