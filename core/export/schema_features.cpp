#include "core/export/schema_features.h"

#include "core/export/expression_parser.h"

namespace flowgauge {
namespace {

void collect(const std::string& column, std::set<std::string>& features) {
  features.insert(column.substr(0, column.find('.')));
}

void collect(const Expression& expression, std::set<std::string>& features) {
  if (expression.kind == Expression::Kind::kName) collect(expression.name, features);
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
