// Functions of the expression language: each is one row of the table in functions.cpp, and a loop for each type.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/expression/bound.h"
#include "core/expression/kernel.h"
#include "core/expression/program.h"
#include "core/expression/value_type.h"

namespace flowgauge::expression {

class Binder;

// What may stand where a function takes something, and as what its loop gets it.
enum class Takes : std::uint8_t {
  kNothing,
  kNumber,         // of ns, as it is
  kAnyNumber,      // as it is; a boolean as kInteger
  kReal,           // a number as kReal
  kCondition,      // an integer as kBool: whether it is not 0
  kAny,            // anything but a series, as it is
  kInteger,        // as it is; a boolean as kInteger
  kExact,          // an integer as kInteger
  kMoment,         // an integer as kI64; Node::number is the unit of its floor()
  kText,           // as it is
  kTextOrList,     // as it is
  kList,           // as it is
  kIndex,          // an integer as kI64
  kIntegerColumn,  // a column's name and nothing else, as kU64
  kTimeColumn,     // likewise, as kI64
  kUnit,           // no operand but Node::number
  kLength,         // no operand but Node::number
};

struct Function {
  std::string_view name;
  std::string_view usage;
  std::array<Takes, 3> takes;
  std::optional<ValueType> gives;  // none: the type of its first operand, unless `complete` says another
  fg_contamination hides;          // classes that the result no longer reveals
  Operation operation;
  // Adds to the node what a row cannot say, or refuses the call. NULL: nothing.
  BindResult<void> (*complete)(Binder& binder, Node& node, const Expression& call) = nullptr;
};

[[nodiscard]] std::span<const Function> functions();  // in the order of messages

}  // namespace flowgauge::expression
