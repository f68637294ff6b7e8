#include "core/expression/program_builder.h"

#include <utility>

#include "core/expression/arithmetic.h"

namespace flowgauge::expression {

std::uint32_t ProgramBuilder::add(Node node) {
  const auto [known, is_new] = known_.try_emplace(node, static_cast<std::uint32_t>(nodes_.size()));
  if (is_new) nodes_.push_back(std::move(node));
  return known->second;
}

std::uint32_t ProgramBuilder::add_literal(Literal literal, ValueType type) {
  Node node;
  node.type = type;
  node.literal = std::move(literal);
  return add(std::move(node));
}

std::uint32_t ProgramBuilder::converted(std::uint32_t from, ValueType to) {
  if (nodes_[from].type == to) return from;
  Node node;
  node.source = Source::kOperation;
  node.type = to;
  node.operands[0] = from;
  node.operation = &conversion(nodes_[from].type, to);
  return add(std::move(node));
}

Program ProgramBuilder::finish(std::span<const std::uint32_t> outputs, std::span<const ProgramDerive> derives) const {
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
    if (node.source == Source::kDerived) {
      const auto [at, is_new] = derive_to.try_emplace(node.derive, static_cast<std::uint32_t>(program.derives.size()));
      if (is_new) program.derives.push_back(derives[node.derive]);
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
