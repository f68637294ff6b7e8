#include "core/export/schema_features.h"

#include "core/export/expression_parser.h"

namespace flowgauge {
namespace {

void collect(const std::string& column, std::set<std::string>& features) {
  const std::size_t dot = column.find('.');
  if (dot != std::string::npos) features.insert(column.substr(0, dot));  // a name without a dot is a unit: floor(x, us)
}

void collect(const Expression& expression, std::set<std::string>& features) {
  // A word without a dot is a unit: floor(x, us).
  if (expression.kind == Expression::Kind::kName && expression.name.find('.') != std::string::npos) {
    collect(expression.name, features);
  }
  for (const Expression& child : expression.children) collect(child, features);
}

}  // namespace

std::set<std::string> features_named_in(const SchemaDefinition& definition) {
  std::set<std::string> features;
  for (const SchemaEntry& entry : definition.entries)
    if (const auto expression = parse_expression(entry.expression)) collect(*expression, features);
  for (const Derive* derive : definition.derives)
    for (const fg_input& input : derive->inputs) collect(std::string(input.name), features);
  features.erase(definition.name);
  return features;
}

}  // namespace flowgauge
