#include "core/export/expression_binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/export/contamination.h"
#include "core/export/expression_parser.h"

namespace flowgauge {
namespace {

constexpr std::int64_t kNsPerUs = 1'000;
constexpr std::int64_t kNsPerMs = 1'000'000;
constexpr std::int64_t kNsPerS = 1'000'000'000;

struct Unit {
  std::string_view name;
  std::int64_t ns;
};
constexpr std::array kUnits = {Unit{"ns", 1}, Unit{"us", kNsPerUs}, Unit{"ms", kNsPerMs}, Unit{"s", kNsPerS}};

struct Member {
  std::string_view name;
  Operation operation;
  ValueType type;
};
constexpr std::array kMembers = {
    Member{"count", Operation::kCount, ValueType::kU64},
    Member{"total", Operation::kTotal, ValueType::kI64},
    Member{"mean", Operation::kMean, ValueType::kReal},
    Member{"std", Operation::kStd, ValueType::kReal},
    Member{"min", Operation::kMin, ValueType::kI64},
    Member{"max", Operation::kMax, ValueType::kI64},
    Member{"std_sample", Operation::kStdSample, ValueType::kReal},
};

std::string_view type_text(ValueType type) {
  switch (type) {
    case ValueType::kU64:
    case ValueType::kI64:
    case ValueType::kInteger:
      return "an integer";
    case ValueType::kReal:
      return "a double";
    case ValueType::kBool:
      return "a boolean";
    case ValueType::kString:
      return "a text";
    case ValueType::kList:
      return "a list";
    case ValueType::kSeries:
      return "a series";
  }
  return "";
}

std::string_view declared_text(fg_type type) {
  switch (type) {
    case FG_U64:
      return "u64";
    case FG_I64:
      return "i64";
    case FG_F64:
      return "f64";
    case FG_BOOL:
      return "bool";
    case FG_STRING:
      return "string";
    case FG_LIST_U64:
      return "list of u64";
    default:
      return "a type that no output column can have";
  }
}

ValueType value_type(fg_type type) {
  switch (type) {
    case FG_U64:
      return ValueType::kU64;
    case FG_I64:
    case FG_TIME:
      return ValueType::kI64;  // absolute by the time expressions are evaluated
    case FG_F64:
      return ValueType::kReal;
    case FG_BOOL:
      return ValueType::kBool;
    case FG_STRING:
      return ValueType::kString;
    case FG_LIST_U64:
      return ValueType::kList;
    default:
      return ValueType::kSeries;
  }
}

bool is_integer(ValueType type) {
  return type == ValueType::kU64 || type == ValueType::kI64 || type == ValueType::kInteger || type == ValueType::kBool;
}
bool is_number(ValueType type) { return is_integer(type) || type == ValueType::kReal; }

fg_contamination classes_of(const fg_column& column) {
  return column.reveals | (column.type == FG_TIME ? FG_REVEALS_TIME : FG_REVEALS_NOTHING);
}

// The result of one that was made of `parts`: reveals what they reveal.
Bound made_of(std::initializer_list<const Bound*> parts, std::uint32_t node, ValueType type) {
  Bound out{node, type, FG_REVEALS_NOTHING, nullptr};
  for (const Bound* part : parts) {
    out.reveals |= part->reveals;
    if (part->withheld != nullptr) out.withheld = part->withheld;
  }
  return out;
}

std::int64_t signed_value(const IntegerLiteral& literal) {
  return static_cast<std::int64_t>(literal.negative ? 0 - literal.magnitude : literal.magnitude);
}

Number number_of(const IntegerLiteral& literal) {
  return {static_cast<std::uint64_t>(literal.negative ? signed_value(literal)
                                                      : static_cast<std::int64_t>(literal.magnitude)),
          literal.negative ? Number::Kind::kNegative : Number::Kind::kNatural};
}

std::pair<Literal, ValueType> literal_of(const LiteralValue& value) {
  if (const auto* integer = std::get_if<IntegerLiteral>(&value)) {
    if (integer->negative) return {Literal{signed_value(*integer)}, ValueType::kI64};
    return {Literal{integer->magnitude}, ValueType::kU64};
  }
  if (const auto* real = std::get_if<double>(&value)) return {Literal{*real}, ValueType::kReal};
  return {Literal{std::get<std::string>(value)}, ValueType::kString};
}

std::string literal_key(const Literal& literal) {
  return std::visit([&](const auto& value) { return fmt::format("{}:{}", literal.index(), value); }, literal);
}

// Two nodes with the same text compute the same.
std::string node_key(const Node& node) {
  std::string key =
      fmt::format("{} {} {} {} {} {} {} {} {} {} {}", static_cast<int>(node.operation), static_cast<int>(node.type),
                  node.operands[0], node.operands[1], node.operands[2], static_cast<const void*>(node.column),
                  node.derive, node.output, node.divisor, node.time_operands, literal_key(node.literal));
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

template <class Items>
std::vector<std::string> names_of(const Items& items) {
  std::vector<std::string> names;
  for (const auto& item : items) names.emplace_back(item.name);
  return names;
}

}  // namespace

ProgramBuilder::ProgramBuilder(const Catalog& catalog, std::string_view schema, std::span<const Derive* const> derives,
                               fg_contamination excluded, ExitCode fault)
    : catalog_(catalog), schema_(schema), derives_(derives), excluded_(excluded), fault_(fault) {
  for (const Derive* derive : derives_) {
    program_derives_.push_back({derive, {}, std::vector<bool>(derive->outputs.size(), false)});
  }
}

BindResult<Bound> ProgramBuilder::compile(std::string_view text) {
  auto parsed = parse_expression(text);
  if (!parsed) return std::unexpected(BindError{fault_, parsed.error().position, std::move(parsed.error().message)});
  auto bound = compile(*parsed);
  if (bound && bound->type == ValueType::kSeries) {
    return refuse(*parsed, fmt::format("'{}' is a series; take one of its numbers: {}.mean, or .count .total .std "
                                       ".std_sample .min .max",
                                       parsed->name, parsed->name));
  }
  return bound;
}

BindResult<Bound> ProgramBuilder::compile(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::kLiteral: {
      auto [literal, type] = literal_of(expression.literal);
      return Bound{add_literal(std::move(literal), type), type, FG_REVEALS_NOTHING, nullptr};
    }
    case Expression::Kind::kName:
      return compile_name(expression);
    case Expression::Kind::kCall:
      return compile_call(expression);
    case Expression::Kind::kMap:
      return compile_map(expression);
    default:
      return compile_operator(expression);
  }
}

// ---------------------------------------------------------------- names

BindResult<Bound> ProgramBuilder::compile_name(const Expression& expression) {
  const std::string_view name = expression.name;
  if (const CatalogColumn* column = catalog_.find(name)) return compile_column(*column);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view before = name.substr(0, dot);
    if (before == schema_ && !derives_.empty()) return compile_derived(expression, name.substr(dot + 1));
    if (const CatalogColumn* column = catalog_.find(before)) {
      if (column->column().type == FG_SERIES) return compile_member(expression, *column, name.substr(dot + 1));
      return refuse(expression, fmt::format("'{}' has no parts: it is not a series", before));
    }
  }
  if (name.find('.') == std::string_view::npos) {
    return refuse(expression, fmt::format("'{}' is not a column: a column's name is FEATURE.COLUMN", name));
  }
  // Of iat.fdw.mean the catalog is asked for iat.fdw: it knows no members.
  const auto is_last = [&](const Member& member) { return name.substr(dot + 1) == member.name; };
  const bool has_member = std::any_of(kMembers.begin(), kMembers.end(), is_last) && name.find('.') != dot;
  auto refused = refuse(expression, catalog_.missing(has_member ? name.substr(0, dot) : name));
  if (catalog_.find_feature(name.substr(0, name.find('.'))) == nullptr) refused.error().code = ExitCode::kUsage;
  return refused;
}

BindResult<Bound> ProgramBuilder::compile_column(const CatalogColumn& column) {
  Node node;
  node.operation = Operation::kColumn;
  node.type = value_type(column.column().type);
  node.column = &column;
  Bound out{add(node), node.type, classes_of(column.column()), nullptr};
  const fg_contamination needed = classes_of_needs(column.feature->table.needs);
  const bool is_host = column.feature->module == nullptr;
  if (!is_host && needed != 0 && (needed & ~excluded_) == 0) out.withheld = column.feature;
  return out;
}

BindResult<Bound> ProgramBuilder::compile_member(const Expression& expression, const CatalogColumn& series,
                                                 std::string_view member) {
  const auto found = std::find_if(kMembers.begin(), kMembers.end(), [&](const Member& m) { return m.name == member; });
  if (found == kMembers.end()) {
    const std::vector<std::string> names = names_of(kMembers);
    const std::string hint = did_you_mean(member, names);
    return refuse(expression, fmt::format("the series '{}' has no '{}'{}", series.full_name, member,
                                          hint.empty() ? "; it has ." + join(names, " .") : hint));
  }
  auto whole = compile_column(series);
  Node node;
  node.operation = found->operation;
  node.type = found->type;
  node.operands[0] = whole->node;
  Bound out = made_of({&*whole}, add(node), node.type);
  if (found->operation == Operation::kMin || found->operation == Operation::kMax) {
    out.reveals |= series.column().extremes_reveal;
  }
  return out;
}

BindResult<Bound> ProgramBuilder::compile_derived(const Expression& expression, std::string_view output) {
  std::vector<std::string> names;
  for (std::size_t d = 0; d < derives_.size(); ++d) {
    const Derive& derive = *derives_[d];
    for (std::size_t o = 0; o < derive.outputs.size(); ++o) {
      const fg_column& column = derive.outputs[o];
      if (output != column.name) {
        names.emplace_back(column.name);
        continue;
      }
      if (auto used = use_derive(d, expression); !used) return std::unexpected(std::move(used.error()));
      Node node;
      node.operation = Operation::kDerived;
      node.type = value_type(column.type);
      node.derive = static_cast<std::uint32_t>(d);
      node.output = static_cast<std::uint32_t>(o);
      // What a derive makes may hold any of what it read, extremes of series too.
      Bound out{add(node), node.type, column.reveals, nullptr};
      for (const CatalogColumn* input : program_derives_[d].inputs) {
        const auto read = compile_column(*input);
        out.reveals |= read->reveals | input->column().extremes_reveal;
        if (read->withheld != nullptr) out.withheld = read->withheld;
      }
      return out;
    }
  }
  return refuse(expression,
                fmt::format("no derive of schema '{}' makes '{}'{}", schema_, output, did_you_mean(output, names)));
}

BindResult<std::uint32_t> ProgramBuilder::use_derive(std::size_t derive, const Expression& expression) {
  ProgramDerive& used = program_derives_[derive];
  if (used.inputs.size() == used.derive->inputs.size()) return 0;
  for (const fg_input& input : used.derive->inputs) {
    const CatalogColumn* column = catalog_.find(input.name);
    if (column == nullptr) {
      auto refused = refuse(expression, catalog_.missing(input.name));
      const std::string_view name = input.name;
      if (catalog_.find_feature(name.substr(0, name.find('.'))) == nullptr) refused.error().code = ExitCode::kUsage;
      used.inputs.clear();
      return refused;
    }
    const fg_type read_as = column->column().type == FG_TIME ? FG_I64 : column->column().type;
    if (read_as != input.type) {
      used.inputs.clear();
      return refuse(expression, fmt::format("its derive reads '{}' as another type than the column has", input.name));
    }
    used.inputs.push_back(column);
  }
  return 0;
}

// ---------------------------------------------------------------- operators

BindResult<Bound> ProgramBuilder::compile_operator(const Expression& expression) {
  static constexpr std::array kNames = {"", "", "-", "+", "-", "*", "/"};
  static constexpr std::array kOperations = {Operation::kLiteral, Operation::kLiteral,  Operation::kNegate,
                                             Operation::kAdd,     Operation::kSubtract, Operation::kMultiply,
                                             Operation::kDivide};
  const auto kind = static_cast<std::size_t>(expression.kind);
  std::vector<Bound> sides;
  bool is_real = false;
  for (const Expression& child : expression.children) {
    auto side = compile(child);
    if (!side) return side;
    if (!is_number(side->type)) {
      return refuse(child, fmt::format("'{}' takes numbers, and this is {}{}", kNames[kind], type_text(side->type),
                                       side->type == ValueType::kSeries ? ": take .mean, .total, ... of it" : ""));
    }
    is_real = is_real || side->type == ValueType::kReal;
    sides.push_back(*side);
  }
  Node node;
  node.operation = kOperations[kind];
  node.type = is_real || node.operation == Operation::kDivide ? ValueType::kReal : ValueType::kInteger;
  for (std::size_t i = 0; i < sides.size(); ++i) node.operands[i] = is_real ? to_real(sides[i]) : to_integer(sides[i]);
  return made_of({&sides.front(), &sides.back()}, add(node), node.type);
}

// ---------------------------------------------------------------- functions

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
      Function{"time_text", 1, &ProgramBuilder::compile_time_text, "time_text(x_us)"},
      Function{"elapsed", 3, &ProgramBuilder::compile_elapsed, "elapsed(first, last, us)"},
      Function{"port_class", 1, &ProgramBuilder::compile_port_class, "port_class(port)"},
      Function{"service_group", 2, &ProgramBuilder::compile_service_group, "service_group(port, protocol)"},
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
  Node node;
  node.operation = Operation::kTimeText;
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
  if (argument.kind == Expression::Kind::kName && column == nullptr) return compile_name(argument);
  if (column == nullptr || (column->column().type != FG_U64 && column->column().type != FG_I64)) {
    return refuse(argument, fmt::format("{}() takes the name of an integer column and nothing else", call.name));
  }
  return compile_column(*column);
}

BindResult<Bound> ProgramBuilder::time_column(const Expression& call, std::size_t index, bool& is_relative) {
  const Expression& argument = call.children[index];
  const CatalogColumn* const column = argument.kind == Expression::Kind::kName ? catalog_.find(argument.name) : nullptr;
  if (argument.kind == Expression::Kind::kName && column == nullptr) return compile_name(argument);
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

std::unexpected<BindError> ProgramBuilder::refuse(const Expression& where, std::string message) const {
  return std::unexpected(BindError{fault_, where.position, std::move(message)});
}

// ---------------------------------------------------------------- nodes

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
                fmt::format("it is declared as {}, but gives {}{}", declared_text(declared), type_text(bound.type),
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

}  // namespace flowgauge
