// The expressions of a schema, compiled: a list of column-wise operations in the order of evaluation. Equal
// subexpressions are one node. Built by ProgramBuilder, run by Interpreter.
#pragma once

#include <array>
#include <bit>
#include <compare>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/expression/number.h"
#include "core/expression/value_type.h"
#include "core/plugin/catalog.h"
#include "core/sdk/flowgauge/plugin.h"
#include "core/text/time_decimals.h"

namespace flowgauge::expression {

struct Operation;

inline constexpr std::uint32_t kNoNode = UINT32_MAX;

// A double of an expression's text. By its bits: 0 and -0 are two.
struct Real {
  double value = 0;

  std::strong_ordering operator<=>(const Real& other) const {
    return std::bit_cast<std::uint64_t>(value) <=> std::bit_cast<std::uint64_t>(other.value);
  }
  bool operator==(const Real& other) const { return (*this <=> other) == 0; }
};

using Literal = std::variant<std::uint64_t, std::int64_t, Real, std::string>;

struct MapCase {
  std::variant<Number, std::string> key;
  Literal result;

  auto operator<=>(const MapCase&) const = default;
};

// Where the cells of a node come from.
enum class Source : std::uint8_t {
  kColumn,   // a catalog column
  kDerived,  // an output of a derive
  kLiteral,
  kOperation,  // on earlier nodes
};

// Nodes that are equal compute the same.
struct Node {
  Source source = Source::kLiteral;
  ValueType type = ValueType::kU64;
  std::array<std::uint32_t, 3> operands{kNoNode, kNoNode, kNoNode};  // earlier nodes
  const CatalogColumn* column = nullptr;                             // kColumn
  std::uint32_t derive = 0;                                          // kDerived: index in Program::derives
  std::uint32_t output = 0;                                          // kDerived: of that derive
  const Operation* operation = nullptr;                              // kOperation
  std::int64_t number = 0;                                           // kOperation: a unit in ns, or a length
  Literal literal;                                                   // kLiteral
  std::vector<MapCase> cases;                                        // of a map; the last one, without key, is `else`

  auto operator<=>(const Node&) const = default;
};

struct ProgramDerive {
  const Derive* derive = nullptr;
  std::vector<const CatalogColumn*> inputs;
  std::vector<bool> wanted;  // by output
};

struct Program {
  std::vector<Node> nodes;
  std::vector<ProgramDerive> derives;
  std::vector<std::uint32_t> outputs;  // nodes, one for each column
  TimeDecimals time_decimals = TimeDecimals::kFixed;
};

}  // namespace flowgauge::expression
