#include "core/expression/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/expression/parser.h"
#include "core/expression/types.h"
#include "core/plugin/contamination.h"

namespace flowgauge::expression {
namespace {

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

// "; did you mean 'flow.src_ip'?" where a feature that is loaded has a column of that name.
std::string full_name_of(const Catalog& catalog, std::string_view name) {
  for (const Feature* feature : catalog.features()) {
    for (const fg_column& column : feature->columns) {
      if (name == column.name) return fmt::format("; did you mean '{}.{}'?", feature->name, name);
    }
  }
  return "";
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

}  // namespace

ProgramBuilder::ProgramBuilder(const Catalog& catalog, std::string_view schema, std::span<const Derive* const> derives,
                               fg_contamination excluded, ExitCode fault, TimeDecimals time_decimals)
    : catalog_(catalog),
      schema_(schema),
      derives_(derives),
      excluded_(excluded),
      fault_(fault),
      time_decimals_(time_decimals) {
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
    return refuse(expression, fmt::format("'{}' is not a column: a column's name is FEATURE.COLUMN{}", name,
                                          full_name_of(catalog_, name)));
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
  Bound out{add(node), node.type, revealed_by(column.column()), nullptr};
  const bool is_host = column.feature->module == nullptr;
  if (!is_host && sees_excluded(column.feature->table.needs, excluded_)) out.withheld = column.feature;
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
std::unexpected<BindError> ProgramBuilder::refuse(const Expression& where, std::string message) const {
  return std::unexpected(BindError{fault_, where.position, std::move(message)});
}

}  // namespace flowgauge::expression
