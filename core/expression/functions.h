// Functions of the expression language: each is one row of a table and one loop, both in functions.cpp.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "core/expression/kernel.h"
#include "core/expression/program.h"
#include "core/expression/value_type.h"

namespace flowgauge::expression {

class Binder;

// What may stand where a function takes something, and as what its loop gets it.
enum class Takes : std::uint8_t {
  kNothing,
  kNumber,         // of ns, as it is
  kInteger,        // as it is; a boolean as kInteger
  kExact,          // an integer as kInteger
  kMoment,         // an integer as kI64; Node::number is the unit of its floor()
  kText,           // as it is
  kIntegerColumn,  // a column's name and nothing else, as kU64
  kTimeColumn,     // likewise, as kI64
  kUnit,           // no operand but Node::number
  kLength,         // no operand but Node::number
};

struct Function {
  std::string_view name;
  std::string_view usage;
  std::array<Takes, 3> takes;
  std::optional<ValueType> gives;  // none: the type of its operand
  fg_contamination hides;          // classes that the result no longer reveals
  Operation operation;
  // Adds to the node what a row cannot say. NULL: nothing.
  void (*complete)(Binder& binder, Node& node) = nullptr;
};

[[nodiscard]] std::span<const Function> functions();  // in the order of messages

}  // namespace flowgauge::expression
