#include "core/table/schema_features.h"

#include <fmt/format.h>

#include "core/expression/parser.h"

namespace flowgauge {
namespace {

// Calls `found(feature, position)` for every column name. A word without a dot is a unit: floor(x, us).
template <class Found>
void walk(const expression::Expression& expression, Found found) {
  const std::size_t dot =
      expression.kind == expression::Expression::Kind::kName ? expression.name.find('.') : std::string::npos;
  if (dot != std::string::npos) found(expression.name.substr(0, dot), expression.position);
  for (const expression::Expression& child : expression.children) walk(child, found);
}

}  // namespace

std::map<std::string, std::string> features_named_in(const SchemaDefinition& definition) {
  std::map<std::string, std::string> features;
  const std::string schema = fmt::format("schema '{}'", definition.name);
  for (const SchemaEntry& entry : definition.entries) {
    const auto expression = expression::parse_expression(entry.expression);
    if (!expression) continue;
    walk(*expression, [&](const std::string& feature, std::size_t position) {
      features.try_emplace(feature, entry.where.empty() ? schema : place_in(definition, entry, position));
    });
  }
  for (const Derive* derive : definition.derives)
    for (const fg_input& input : derive->inputs) {
      const std::string column = input.name;
      features.try_emplace(column.substr(0, column.find('.')), schema);
    }
  if (!definition.derives.empty()) features.erase(definition.name);
  return features;
}

}  // namespace flowgauge
