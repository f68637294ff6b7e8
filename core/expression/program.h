// The expressions of a schema, compiled: a list of column-wise operations in the order of evaluation. Equal
// subexpressions are one node. Built by ProgramBuilder (binder.h), run by Interpreter.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "core/expression/time_text.h"
#include "core/plugin/catalog.h"
#include "core/sdk/flowgauge/plugin.h"

namespace flowgauge::expression {

// What the cells of a node's vector are.
enum class ValueType : std::uint8_t {
  kU64,
  kI64,
  kInteger,  // Number: the result of integer arithmetic, exact, or a double where it left 64 bits
  kReal,     // double, finite
  kBool,
  kString,
  kList,
  kSeries,
};

// An integer of -2^63 to 2^64 - 1; a double beyond.
struct Number {
  enum class Kind : std::uint64_t { kNatural, kNegative, kReal };
  std::uint64_t bits = 0;  // as uint64_t, int64_t or double
  Kind kind = Kind::kNatural;

  bool operator==(const Number&) const = default;
};

enum class Operation : std::uint8_t {
  kColumn,   // a catalog column
  kDerived,  // an output of a derive
  kLiteral,
  kCount,  // of a series
  kTotal,
  kMin,
  kMax,
  kMean,
  kStd,
  kStdSample,
  kToInteger,  // u64, i64, bool -> Number
  kToReal,     // any number or bool -> double
  kToU64,      // any integer or bool; null where it does not fit
  kToI64,
  kAdd,  // of two Numbers or two doubles, as the node's type says
  kSubtract,
  kMultiply,
  kNegate,
  kDivide,       // of two Numbers or two doubles, to a double; 0 where the divisor is 0
  kTruncDivide,  // of two Numbers, to a Number; 0 where the divisor is 0
  kFloor,        // of u64, i64 or Number by `divisor`, to the same
  kElapsed,      // of two times in ns, to i64 in units of `divisor`; third operand: flow.first_seen, if known
  kMap,
  kTimeText,      // of i64 in units of `divisor`
  kPortClass,     // of u64
  kServiceGroup,  // of u64 port, u64 protocol
  kPrefix,        // of a text, `divisor` characters of it
};

inline constexpr std::uint32_t kNoNode = UINT32_MAX;

using Literal = std::variant<std::uint64_t, std::int64_t, double, std::string>;

struct MapCase {
  std::variant<Number, std::string> key;
  Literal result;
};

struct Node {
  Operation operation = Operation::kLiteral;
  ValueType type = ValueType::kU64;
  std::array<std::uint32_t, 3> operands{kNoNode, kNoNode, kNoNode};  // earlier nodes
  const CatalogColumn* column = nullptr;                             // kColumn
  std::uint32_t derive = 0;                                          // kDerived: index in Program::derives
  std::uint32_t output = 0;                                          // kDerived: of that derive
  std::int64_t divisor = 1;                                          // kFloor, kElapsed, kTimeText; kPrefix: the length
  TimeDecimals time_decimals = TimeDecimals::kFixed;                 // kTimeText
  std::uint8_t time_operands = 0;                                    // kElapsed: bit i: operand i is of type FG_TIME
  Literal literal;                                                   // kLiteral
  std::vector<MapCase> cases;                                        // kMap; the last one, without key, is `else`
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
};

}  // namespace flowgauge::expression
