// Collects the nodes of a program: equal ones once, converted as wanted, and in the end only those that are used.
// Set-up only.
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

#include "core/expression/program.h"

namespace flowgauge::expression {

class ProgramBuilder {
 public:
  std::uint32_t add(Node node);  // or the equal one that is there already
  std::uint32_t add_literal(Literal literal, ValueType type);
  // The node with the same numbers of type kInteger, kReal, kU64 or kI64.
  std::uint32_t converted(std::uint32_t node, ValueType to);

  [[nodiscard]] ValueType type(std::uint32_t node) const { return nodes_[node].type; }
  [[nodiscard]] const CatalogColumn* column(std::uint32_t node) const { return nodes_[node].column; }

  // The program of the given outputs, without what they do not use. `derives`: by Node::derive.
  [[nodiscard]] Program finish(std::span<const std::uint32_t> outputs, std::span<const ProgramDerive> derives) const;

 private:
  std::vector<Node> nodes_;
  std::map<Node, std::uint32_t> known_;
};

}  // namespace flowgauge::expression
