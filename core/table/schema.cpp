#include "core/table/schema.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "core/base/text.h"
#include "core/expression/binder.h"
#include "core/plugin/contamination.h"
#include "core/plugin/schema_options.h"

namespace flowgauge {
namespace {

bool applies(fg_when when, fg_contamination excluded) {
  return when == FG_WHEN_BOTH || (when == FG_WHEN_FULL) == (excluded == 0);
}

fg_type own_type(expression::ValueType type) {
  using expression::ValueType;
  switch (type) {
    case ValueType::kU64:
      return FG_U64;
    case ValueType::kI64:
    case ValueType::kInteger:
      return FG_I64;
    case ValueType::kBool:
      return FG_BOOL;
    case ValueType::kString:
      return FG_STRING;
    case ValueType::kList:
      return FG_LIST_U64;
    case ValueType::kListI64:
      return FG_LIST_I64;
    case ValueType::kListF64:
      return FG_LIST_F64;
    case ValueType::kListString:
      return FG_LIST_STRING;
    default:
      return FG_F64;  // a series has been refused before
  }
}

std::string where(const SchemaDefinition& definition) {
  return fmt::format("{}: schema '{}'", definition.origin, definition.name);
}

Error entry_error(const SchemaDefinition& definition, const SchemaEntry& entry, const expression::BindError& error) {
  return {error.code, fmt::format("{}: {}", place_in(definition, entry, error.position), error.message)};
}

// Why a required entry cannot be had.
std::string reason(const expression::Bound& bound, fg_contamination excluded) {
  if ((bound.reveals & excluded) != 0) return "it reveals " + contamination_text(bound.reveals & excluded);
  return fmt::format("feature '{}' sees what is excluded", bound.withheld->name);
}

std::vector<const CatalogColumn*> columns_of(const expression::Program& program) {
  std::vector<const CatalogColumn*> needed;
  std::set<const CatalogColumn*> seen;
  const auto add = [&](const CatalogColumn* column) {
    if (seen.insert(column).second) needed.push_back(column);
  };
  for (const expression::Node& node : program.nodes) {
    if (node.source == expression::Source::kColumn) add(node.column);
  }
  for (const expression::ProgramDerive& derive : program.derives) {
    for (const CatalogColumn* input : derive.inputs) add(input);
  }
  return needed;
}

}  // namespace

std::string place_in(const SchemaDefinition& definition, const SchemaEntry& entry, std::size_t position) {
  return fmt::format("{} '{}': \"{}\", character {}",
                     entry.where.empty() ? where(definition) + ", column" : entry.where + ": column", entry.name,
                     entry.expression, position);
}

SchemaDefinition schema_definition(const Schema& schema, std::span<const fg_value> options) {
  SchemaDefinition definition;
  definition.name = schema.name;
  definition.version = schema.version;
  definition.origin = schema.module == nullptr ? "flowgauge" : schema.module->path;
  for (const fg_schema_column& column : schema.columns) {
    if (!is_there(column, schema, options)) continue;
    definition.entries.push_back({.name = column.name,
                                  .expression = column.expression,
                                  .type = column.type,
                                  .unit = column.unit,
                                  .when = column.when,
                                  .required = (column.flags & FG_REQUIRED) != 0});
  }
  for (const Derive& derive : schema.derives) definition.derives.push_back(&derive);
  return definition;
}

Result<BoundSchema> bind_schema(const SchemaDefinition& definition, const Catalog& catalog, fg_contamination excluded,
                                TimeDecimals time_decimals) {
  BoundSchema bound;
  bound.name = definition.name;
  bound.version = definition.version;
  bound.origin = definition.origin;
  expression::Binder binder(catalog, definition.name, definition.derives, excluded, definition.fault, time_decimals);
  std::vector<std::uint32_t> outputs;
  std::vector<std::string> refused;  // required, yet excluded
  std::set<std::string> names;
  for (const SchemaEntry& entry : definition.entries) {
    if (!applies(entry.when, excluded)) continue;
    auto compiled = binder.compile(entry.expression);
    if (!compiled) return std::unexpected(entry_error(definition, entry, compiled.error()));
    const fg_type type = entry.type == kOwnType ? own_type(compiled->type) : entry.type;
    const auto output = binder.as_declared(*compiled, type);
    if (!output) return std::unexpected(entry_error(definition, entry, output.error()));
    if (compiled->withheld != nullptr || (compiled->reveals & excluded) != 0) {
      if (entry.required) refused.push_back(fmt::format("'{}' ({})", entry.name, reason(*compiled, excluded)));
      bound.left_out.push_back(entry.name);
      continue;
    }
    if (!names.insert(entry.name).second) {
      return fail(definition.fault, "{}: column '{}' is there twice; give each its own name", where(definition),
                  entry.name);
    }
    outputs.push_back(*output);
    bound.columns.push_back({entry.name, type, entry.unit, compiled->reveals});
    bound.expressions.push_back(entry.expression);
  }
  if (!refused.empty()) {
    return fail(ExitCode::kUsage,
                "{} needs columns that `contamination` excludes: {}; exclude less, or take another schema",
                where(definition), join(refused));
  }
  if (bound.columns.empty()) {
    return fail(ExitCode::kUsage, "{} has no column left: `contamination` excludes {}", where(definition),
                contamination_text(excluded));
  }
  bound.program = binder.finish(outputs);
  bound.needed = columns_of(bound.program);
  return bound;
}

}  // namespace flowgauge
