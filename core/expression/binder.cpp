#include "core/expression/binder.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/expression/arithmetic.h"
#include "core/expression/bind_call.h"
#include "core/expression/map.h"
#include "core/expression/parser.h"
#include "core/expression/series.h"
#include "core/plugin/contamination.h"
#include "core/plugin/derived_feature.h"
#include "core/plugin/module.h"

namespace flowgauge::expression {
namespace {

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
    case FG_LIST_I64:
      return ValueType::kListI64;
    case FG_LIST_F64:
      return ValueType::kListF64;
    case FG_LIST_STRING:
      return ValueType::kListString;
    default:
      return ValueType::kSeries;
  }
}

const SeriesMember* member_named(std::string_view name) {
  const auto members = series_members();
  const auto found = std::ranges::find(members, name, &SeriesMember::name);
  return found == members.end() ? nullptr : &*found;
}

std::string_view feature_of(std::string_view column) { return column.substr(0, column.find('.')); }

}  // namespace

Binder::Binder(const Catalog& catalog, std::string_view schema, std::span<const Derive* const> derives,
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

BindResult<Bound> Binder::compile(std::string_view text) {
  auto parsed = parse_expression(text);
  if (!parsed) return std::unexpected(BindError{fault_, parsed.error().position, std::move(parsed.error().message)});
  auto bound = compile(*parsed);
  if (bound && bound->type == ValueType::kSeries) {
    return refuse(*parsed, fmt::format("'{}' is a series; take one of its numbers: "
                                       "{}.mean, or .count .total .std "
                                       ".std_sample .min .max",
                                       parsed->name, parsed->name));
  }
  return bound;
}

BindResult<Bound> Binder::compile(const Expression& expression) {
  switch (expression.kind) {
    case Expression::Kind::kLiteral: {
      auto [literal, type] = literal_of(expression.literal);
      return Bound{nodes_.add_literal(std::move(literal), type), type, FG_REVEALS_NOTHING, nullptr};
    }
    case Expression::Kind::kName:
      return compile_name(expression);
    case Expression::Kind::kCall:
      return bind_call(*this, expression);
    case Expression::Kind::kMap:
      return bind_map(*this, expression);
    default:
      return compile_operator(expression);
  }
}

BindResult<std::uint32_t> Binder::as_declared(const Bound& bound, fg_type declared) {
  if (declared == FG_F64 && is_number(bound.type)) return nodes_.converted(bound.node, ValueType::kReal);
  if (declared == FG_U64 && is_integer(bound.type)) return nodes_.converted(bound.node, ValueType::kU64);
  if (declared == FG_I64 && is_integer(bound.type)) return nodes_.converted(bound.node, ValueType::kI64);
  if ((declared == FG_BOOL && bound.type == ValueType::kBool) ||
      (declared == FG_STRING && bound.type == ValueType::kString) ||
      (flowgauge::is_list(declared) && bound.type == value_type(declared))) {
    return bound.node;
  }
  const bool wants_integer = (declared == FG_U64 || declared == FG_I64) && bound.type == ValueType::kReal;
  return std::unexpected(
      BindError{fault_, 1,
                fmt::format("it is declared as {}, but gives {}{}", type_name(declared), type_text(bound.type),
                            wants_integer ? "; declare f64, or use round(), floor() or trunc_div()" : "")});
}

Program Binder::finish(std::span<const std::uint32_t> outputs) const {
  Program program = nodes_.finish(outputs, program_derives_);
  program.time_decimals = time_decimals_;
  return program;
}

// ---------------------------------------------------------------- names

BindResult<Bound> Binder::compile_name(const Expression& expression) {
  const std::string_view name = expression.name;
  if (const CatalogColumn* found = catalog_.find(name)) return compile_column(expression, *found);
  const std::size_t dot = name.rfind('.');
  if (dot != std::string_view::npos) {
    const std::string_view before = name.substr(0, dot);
    if (before == schema_ && !derives_.empty()) return compile_derived(expression, name.substr(dot + 1));
    if (const CatalogColumn* found = catalog_.find(before)) {
      if (found->column().type == FG_SERIES) return compile_member(expression, *found, name.substr(dot + 1));
      return refuse(expression, fmt::format("'{}' has no parts: it is not a series", before));
    }
  }
  if (name.find('.') == std::string_view::npos) {
    return refuse(expression, fmt::format("'{}' is not a column: a column's name is FEATURE.COLUMN{}", name,
                                          full_name_of(catalog_, name)));
  }
  // Of iat.fdw.mean the catalog is asked for iat.fdw: it knows no members.
  const bool has_member = member_named(name.substr(dot + 1)) != nullptr && name.find('.') != dot;
  return refuse_missing(expression, has_member ? name.substr(0, dot) : name);
}

Bound Binder::column(const CatalogColumn& column) {
  Node node;
  node.source = Source::kColumn;
  node.type = value_type(column.column().type);
  node.column = &column;
  Bound out{nodes_.add(node), node.type, revealed_by(column.column()), nullptr};
  const bool is_host = column.feature->module == nullptr;
  if (!is_host && sees_excluded(column.feature->table.needs, excluded_)) out.withheld = column.feature;
  if (column.derive == nullptr) return out;
  for (const fg_input& input : column.derive->inputs)
    if (const CatalogColumn* const found = catalog_.find(input.name)) read_whole(out, *found);
  return out;
}

// What a derive makes may hold any of what it read, extremes of series too.
void Binder::read_whole(Bound& out, const CatalogColumn& input) {
  take_over(out, column(input));
  out.reveals |= input.column().extremes_reveal;
}

BindResult<Bound> Binder::compile_column(const Expression& expression, const CatalogColumn& found) {
  if (found.derive != nullptr)
    if (auto inputs = made_of(found, catalog_); !inputs)
      return std::unexpected(BindError{inputs.error().code, expression.position, std::move(inputs.error().message)});
  return column(found);
}

BindResult<Bound> Binder::compile_member(const Expression& expression, const CatalogColumn& series,
                                         std::string_view name) {
  const SeriesMember* const member = member_named(name);
  if (member == nullptr) {
    std::vector<std::string> names;
    for (const SeriesMember& one : series_members()) names.emplace_back(one.name);
    const std::string hint = did_you_mean(name, names);
    return refuse(expression, fmt::format("the series '{}' has no '{}'{}", series.full_name, name,
                                          hint.empty() ? "; it has ." + join(names, " .") : hint));
  }
  const Bound whole = column(series);
  Node node;
  node.source = Source::kOperation;
  node.type = member->type;
  node.operands[0] = whole.node;
  node.operation = &member->operation;
  Bound out = made_of({&whole}, nodes_.add(node), node.type);
  if (member->kind == SeriesMember::Kind::kExtreme) out.reveals |= series.column().extremes_reveal;
  return out;
}

BindResult<Bound> Binder::compile_derived(const Expression& expression, std::string_view output) {
  std::vector<std::string> names;
  for (std::size_t d = 0; d < derives_.size(); ++d) {
    const Derive& derive = *derives_[d];
    for (std::size_t o = 0; o < derive.outputs.size(); ++o) {
      const fg_column& made = derive.outputs[o];
      if (output != made.name) {
        names.emplace_back(made.name);
        continue;
      }
      TRY(use_derive(program_derives_[d], expression));
      Node node;
      node.source = Source::kDerived;
      node.type = value_type(made.type);
      node.derive = static_cast<std::uint32_t>(d);
      node.output = static_cast<std::uint32_t>(o);
      Bound out{nodes_.add(node), node.type, made.reveals, nullptr};
      for (const CatalogColumn* input : program_derives_[d].inputs) read_whole(out, *input);
      return out;
    }
  }
  return refuse(expression,
                fmt::format("no derive of schema '{}' makes '{}'{}", schema_, output, did_you_mean(output, names)));
}

BindResult<void> Binder::use_derive(ProgramDerive& used, const Expression& expression) {
  if (used.inputs.size() == used.derive->inputs.size()) return {};
  auto inputs = inputs_of(*used.derive, catalog_);
  if (!inputs) {
    const ExitCode code = inputs.error().code == ExitCode::kUsage ? ExitCode::kUsage : fault_;
    return std::unexpected(BindError{code, expression.position, std::move(inputs.error().message)});
  }
  for (const CatalogColumn* input : *inputs) TRY(compile_column(expression, *input));
  used.inputs = std::move(*inputs);
  return {};
}

// ---------------------------------------------------------------- operators

BindResult<Bound> Binder::compile_operator(const Expression& expression) {
  const Operator& found = operator_of(expression.kind);
  std::vector<Bound> sides;
  bool is_real = false;
  for (const Expression& child : expression.children) {
    sides.push_back(TRY(compile(child)));
    is_real = is_real || sides.back().type == ValueType::kReal;
  }
  const bool is_text = found.texts.kernel != nullptr && sides.front().type == ValueType::kString;
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const ValueType type = sides[i].type;
    if (is_text ? type == ValueType::kString : is_number(type)) continue;
    return refuse(expression.children[i],
                  fmt::format("'{}' takes {}, and this is {}{}", found.sign, is_text ? "a text here" : "numbers",
                              type_text(type), type == ValueType::kSeries ? ": take .mean, .total, ... of it" : ""));
  }
  Node node;
  node.source = Source::kOperation;
  node.type = is_real || is_text ? found.of_reals : found.of_integers;
  node.operation = is_text ? &found.texts : (is_real ? &found.reals : &found.integers);
  for (std::size_t i = 0; i < sides.size(); ++i) {
    const ValueType as = is_text ? ValueType::kString : (is_real ? ValueType::kReal : ValueType::kInteger);
    node.operands[i] = nodes_.converted(sides[i].node, as);
  }
  return made_of({&sides.front(), &sides.back()}, nodes_.add(node), node.type);
}

// ---------------------------------------------------------------- refusals

std::unexpected<BindError> Binder::refuse(const Expression& where, std::string message) const {
  return std::unexpected(BindError{fault_, where.position, std::move(message)});
}

std::unexpected<BindError> Binder::refuse_missing(const Expression& where, std::string_view column) const {
  const bool is_loaded = catalog_.find_feature(feature_of(column)) != nullptr;
  return std::unexpected(BindError{is_loaded ? fault_ : ExitCode::kUsage, where.position, catalog_.missing(column)});
}

}  // namespace flowgauge::expression
