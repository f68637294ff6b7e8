// Functions of the expression language.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/expression/binder.h"
#include "core/expression/types.h"

namespace flowgauge::expression {
namespace {

constexpr std::int64_t kNsPerNs = 1;
constexpr std::int64_t kNsPerUs = 1'000;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kNsPerS = 1'000'000'000;

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array kUnits = {Unit{"ns", kNsPerNs}, Unit{"us", kNsPerUs}, Unit{"ms", kNsPerMs}, Unit{"s", kNsPerS}};

}  // namespace

BindResult<Bound> ProgramBuilder::compile_call(const Expression& expression) {
  struct Function {
    std::string_view name;
    std::size_t arguments;
    BindResult<Bound> (ProgramBuilder::*compile)(const Expression&);
    std::string_view usage;
  };
  static constexpr std::array kFunctions = {
      Function{"us", 1, &ProgramBuilder::compile_in_unit, "us(x)"},
      Function{"ms", 1, &ProgramBuilder::compile_in_unit, "ms(x)"},
      Function{"s", 1, &ProgramBuilder::compile_in_unit, "s(x)"},
      Function{"floor", 2, &ProgramBuilder::compile_floor, "floor(x, us)"},
      Function{"trunc_div", 2, &ProgramBuilder::compile_trunc_div, "trunc_div(a, b)"},
      Function{"time_text", 1, &ProgramBuilder::compile_time_text, "time_text(floor(x_ns, us))"},
      Function{"elapsed", 3, &ProgramBuilder::compile_elapsed, "elapsed(first, last, us)"},
      Function{"port_class", 1, &ProgramBuilder::compile_port_class, "port_class(port)"},
      Function{"service_group", 2, &ProgramBuilder::compile_service_group, "service_group(port, protocol)"},
      Function{"prefix", 2, &ProgramBuilder::compile_prefix, "prefix(text, 8)"},
      Function{"map", 1, nullptr, "map(x){1: 'a'; else 'b'}"},
  };
  const auto found = std::find_if(kFunctions.begin(), kFunctions.end(),
                                  [&](const Function& function) { return function.name == expression.name; });
  if (found == kFunctions.end()) {
    const std::vector<std::string> names = names_of(kFunctions);
    const std::string hint = did_you_mean(expression.name, names);
    return refuse(expression, fmt::format("there is no function '{}'{}", expression.name,
                                          hint.empty() ? "; there are " + join(names) : hint));
  }
  const std::size_t given = expression.children.size();
  if (given != found->arguments) {
    return refuse(expression, fmt::format("write {}: it takes {}, not {}", found->usage,
                                          counted(found->arguments, "argument"), given));
  }
  return (this->*found->compile)(expression);
}

BindResult<Bound> ProgramBuilder::compile_in_unit(const Expression& expression) {
  auto argument = compile(expression.children[0]);
  if (!argument) return argument;
  if (!is_number(argument->type)) {
    return refuse(expression.children[0],
                  fmt::format("{}() takes a number of ns, and this is {}", expression.name, type_text(argument->type)));
  }
  const auto unit =
      std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == expression.name; });
  const bool is_real = argument->type == ValueType::kReal;
  const Bound divisor{add_literal(static_cast<std::uint64_t>(unit->ns), ValueType::kU64), ValueType::kU64,
                      FG_REVEALS_NOTHING, nullptr};
  Node node;
  node.operation = Operation::kDivide;
  node.type = ValueType::kReal;
  node.operands[0] = is_real ? argument->node : to_integer(*argument);
  node.operands[1] = is_real ? to_real(divisor) : to_integer(divisor);
  return made_of({&*argument}, add(node), node.type);
}

BindResult<Bound> ProgramBuilder::compile_floor(const Expression& expression) {
  auto argument = integer_argument(expression, 0);
  if (!argument) return argument;
  const auto unit = unit_argument(expression, 1);
  if (!unit) return std::unexpected(unit.error());
  Node node;
  node.operation = Operation::kFloor;
  const bool is_bool = argument->type == ValueType::kBool;
  node.type = is_bool ? ValueType::kInteger : argument->type;
  node.operands[0] = is_bool ? to_integer(*argument) : argument->node;
  node.divisor = *unit;
  return made_of({&*argument}, add(node), node.type);
}

BindResult<Bound> ProgramBuilder::compile_trunc_div(const Expression& expression) {
  auto numerator = integer_argument(expression, 0);
  if (!numerator) return numerator;
  auto denominator = integer_argument(expression, 1);
  if (!denominator) return denominator;
  Node node;
  node.operation = Operation::kTruncDivide;
  node.type = ValueType::kInteger;
  node.operands[0] = to_integer(*numerator);
  node.operands[1] = to_integer(*denominator);
  return made_of({&*numerator, &*denominator}, add(node), node.type);
}

BindResult<Bound> ProgramBuilder::compile_time_text(const Expression& expression) {
  auto argument = integer_argument(expression, 0);
  if (!argument) return argument;
  // A time cut to a unit is a number of that unit; any other is one of ns.
  const Expression& time = expression.children[0];
  const bool is_cut = time.kind == Expression::Kind::kCall && time.name == "floor";
  const BindResult<std::int64_t> unit = is_cut ? unit_argument(time, 1) : kNsPerNs;
  if (!unit) return std::unexpected(unit.error());
  Node node;
  node.operation = Operation::kTimeText;
  node.divisor = *unit;
  node.time_decimals = time_decimals_;
  node.type = ValueType::kString;
  node.operands[0] =
      argument->type == ValueType::kI64 ? argument->node : convert(argument->node, Operation::kToI64, ValueType::kI64);
  return made_of({&*argument}, add(node), node.type);
}

BindResult<Bound> ProgramBuilder::compile_elapsed(const Expression& expression) {
  Node node;
  node.operation = Operation::kElapsed;
  node.type = ValueType::kI64;
  std::array<Bound, 2> times;
  for (std::size_t i = 0; i < times.size(); ++i) {
    bool is_relative = false;
    auto time = time_column(expression, i, is_relative);
    if (!time) return time;
    if (is_relative) node.time_operands = static_cast<std::uint8_t>(node.time_operands | 1U << i);
    times[i] = *time;
    node.operands[i] = time->node;
  }
  const auto unit = unit_argument(expression, 2);
  if (!unit) return std::unexpected(unit.error());
  node.divisor = *unit;
  // A time that never was is 0, and 0 to a real time would tell that time; see Interpreter.
  const CatalogColumn* const start = catalog_.find("flow.first_seen");
  if (node.time_operands != 0 && start != nullptr && start->column().type == FG_I64) {
    node.operands[2] = compile_column(*start)->node;
  }
  Bound out = made_of({&times[0], &times[1]}, add(node), node.type);
  out.reveals &= ~static_cast<fg_contamination>(FG_REVEALS_TIME);
  return out;
}

BindResult<Bound> ProgramBuilder::compile_prefix(const Expression& expression) {
  auto text = compile(expression.children[0]);
  if (!text) return text;
  if (text->type != ValueType::kString) {
    return refuse(expression.children[0], fmt::format("prefix() takes a text, and this is {}", type_text(text->type)));
  }
  const auto* const length = std::get_if<IntegerLiteral>(&expression.children[1].literal);
  if (expression.children[1].kind != Expression::Kind::kLiteral || length == nullptr || length->negative ||
      length->magnitude > FG_ROW_BYTES) {
    return refuse(expression.children[1],
                  fmt::format("prefix() takes a number of characters here, 0 to {}", FG_ROW_BYTES));
  }
  Node node;
  node.operation = Operation::kPrefix;
  node.type = ValueType::kString;
  node.operands[0] = text->node;
  node.divisor = static_cast<std::int64_t>(length->magnitude);
  return made_of({&*text}, add(node), node.type);
}

BindResult<Bound> ProgramBuilder::compile_port_class(const Expression& expression) {
  auto port = plain_integer_column(expression, 0);
  if (!port) return port;
  Node node;
  node.operation = Operation::kPortClass;
  node.type = ValueType::kString;
  node.operands[0] =
      port->type == ValueType::kU64 ? port->node : convert(port->node, Operation::kToU64, ValueType::kU64);
  Bound out = made_of({&*port}, add(node), node.type);
  out.reveals &= ~static_cast<fg_contamination>(FG_REVEALS_PORT);
  return out;
}

BindResult<Bound> ProgramBuilder::compile_service_group(const Expression& expression) {
  std::array<Bound, 2> parts;
  Node node;
  node.operation = Operation::kServiceGroup;
  node.type = ValueType::kString;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    auto part = plain_integer_column(expression, i);
    if (!part) return part;
    parts[i] = *part;
    node.operands[i] =
        part->type == ValueType::kU64 ? part->node : convert(part->node, Operation::kToU64, ValueType::kU64);
  }
  Bound out = made_of({&parts[0], &parts[1]}, add(node), node.type);
  out.reveals &= ~static_cast<fg_contamination>(FG_REVEALS_PORT);
  return out;
}
// ---------------------------------------------------------------- arguments

BindResult<Bound> ProgramBuilder::integer_argument(const Expression& call, std::size_t index) {
  auto argument = compile(call.children[index]);
  if (argument && !is_integer(argument->type)) {
    return refuse(call.children[index],
                  fmt::format("{}() takes an integer here, and this is {}", call.name, type_text(argument->type)));
  }
  return argument;
}

// The host's abstractions lower what a result reveals. They take columns alone: through port_class(port - 1000) and
// its like a schema could ask for the port bit by bit.
BindResult<Bound> ProgramBuilder::plain_integer_column(const Expression& call, std::size_t index) {
  const Expression& argument = call.children[index];
  const CatalogColumn* const column = argument.kind == Expression::Kind::kName ? catalog_.find(argument.name) : nullptr;
  if (argument.kind == Expression::Kind::kName && column == nullptr) {
    // A member of a series, or a derive's output, is no column.
    if (auto other = compile_name(argument); !other) return other;
  }
  if (column == nullptr || (column->column().type != FG_U64 && column->column().type != FG_I64)) {
    return refuse(argument, fmt::format("{}() takes the name of an integer column and nothing else", call.name));
  }
  return compile_column(*column);
}

BindResult<Bound> ProgramBuilder::time_column(const Expression& call, std::size_t index, bool& is_relative) {
  const Expression& argument = call.children[index];
  const CatalogColumn* const column = argument.kind == Expression::Kind::kName ? catalog_.find(argument.name) : nullptr;
  if (argument.kind == Expression::Kind::kName && column == nullptr) {
    // A member of a series, or a derive's output, is no column.
    if (auto other = compile_name(argument); !other) return other;
  }
  is_relative = column != nullptr && column->column().type == FG_TIME;
  // Of plain integers only the host's own: a plugin's could be a constant.
  const bool is_host_time = column != nullptr && column->feature->module == nullptr &&
                            column->column().type == FG_I64 && (column->column().reveals & FG_REVEALS_TIME) != 0;
  if (!is_relative && !is_host_time) {
    return refuse(argument,
                  fmt::format("{}() takes columns of absolute time here, such as flow.first_seen", call.name));
  }
  return compile_column(*column);
}

BindResult<std::int64_t> ProgramBuilder::unit_argument(const Expression& call, std::size_t index) const {
  const Expression& argument = call.children[index];
  if (argument.kind == Expression::Kind::kName) {
    const auto unit =
        std::find_if(kUnits.begin(), kUnits.end(), [&](const Unit& u) { return u.name == argument.name; });
    if (unit != kUnits.end()) return unit->ns;
  }
  return refuse(argument, fmt::format("{}() takes a unit here: ns, us, ms or s", call.name));
}

}  // namespace flowgauge::expression
