#include "core/table/column_definition.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>
#include <vector>

#include "core/base/text.h"
#include "core/expression/parser.h"

namespace flowgauge {
namespace {

using Definition = std::pair<std::string, std::string>;  // a column's full name, what it means

void collect(const expression::Expression& expression, const Catalog& catalog, std::vector<Definition>& found) {
  if (expression.kind == expression::Expression::Kind::kName) {
    std::string_view name = expression.name;
    Definition definition;
    if (const CatalogDerived* derived = catalog.find_derived(name)) {
      definition = {derived->full_name, derived->derive->outputs[derived->index].doc};
    } else {
      const CatalogColumn* column = catalog.find(name);
      if (column == nullptr) column = catalog.find(name.substr(0, name.rfind('.')));  // of a series' member
      if (column == nullptr) return;                                                  // a unit
      definition = {column->full_name, column->column().doc};
    }
    if (std::ranges::find(found, definition) == found.end()) found.push_back(std::move(definition));
  }
  for (const expression::Expression& child : expression.children) collect(child, catalog, found);
}

}  // namespace

std::string definition_text(std::string_view expression, const Catalog& catalog) {
  std::vector<Definition> found;
  if (const auto parsed = expression::parse_expression(expression)) collect(*parsed, catalog, found);
  if (found.size() == 1) return found.front().second;
  std::vector<std::string> texts;
  for (const auto& [name, meaning] : found) texts.push_back(fmt::format("{}: {}", name, meaning));
  return join(texts, "; ");
}

}  // namespace flowgauge
