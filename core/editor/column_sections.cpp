#include "core/editor/column_sections.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "core/base/text.h"
#include "core/profile/key_text.h"

namespace flowgauge {
namespace {

using Items = std::vector<Item>;
using ItemKind = Item::Kind;
using Action = Item::Action;

constexpr std::string_view kOwnColumnKeys[] = {"name", "expression", "type", "unit", "when", "required"};

std::vector<std::string> columns_of_feature(const Model& model, std::string_view feature) {
  std::vector<std::string> names;
  for (const OfferedColumn& column : model.offer().columns)
    if (column.feature == feature) names.push_back(column.name);
  return names;
}

// What may stand in it, before what the page of the key says.
std::string explanation_of_expression(const Model& model) {
  const auto text = text_of_key("exporters[].columns[].expression");
  return fmt::format("Names of columns, numbers, 'texts', + - * / %, comparisons and functions. Functions: {}. {}",
                     join(model.offer().functions), text ? text->meaning : "");
}

Items keys_of_own_column(const Model& model) {
  Items items;
  for (const std::string_view key : kOwnColumnKeys) {
    Item item = key_item(model, model.own_column_key(key), fmt::format("  {}", key));
    if (key == "expression") item.explanation = explanation_of_expression(model);
    items.push_back(std::move(item));
  }
  return items;
}

// Only of a table without a schema: beside one stand columns as they are.
Items own_column_items(const Model& model) {
  Items items;
  if (!model.schema(model.table()).empty()) return items;
  for (const std::size_t number : model.own_columns()) {
    const std::string name = model.value(model.column_key(number, "name"));
    const bool is_chosen = number == model.own_column();
    items.push_back({.kind = ItemKind::kOne,
                     .label = fmt::format("{} = {}", name, model.value(model.column_key(number, "expression"))),
                     .id = fmt::format("{}", number),
                     .explanation = "A column of your own. The keys below are of the one that is chosen.",
                     .is_on = is_chosen});
    if (!is_chosen) continue;
    std::ranges::copy(keys_of_own_column(model), std::back_inserter(items));
    items.push_back({.kind = ItemKind::kAction,
                     .label = fmt::format("remove the column {}", name),
                     .explanation = "The column leaves the table.",
                     .action = Action::kRemoveColumn});
  }
  items.push_back({.kind = ItemKind::kAction,
                   .label = "add a column of your own",
                   .explanation = "A column that an expression makes of other columns. Type the expression first; its "
                                  "name is changed on the line above.",
                   .action = Action::kAddColumn});
  return items;
}

}  // namespace

std::vector<Item> feature_items(const Model& model) {
  Items items;
  for (const OfferedName& feature : model.offer().features) {
    const auto columns = columns_of_feature(model, feature.name);
    const auto chosen = std::ranges::count_if(columns, [&](const auto& name) { return model.has_column(name); });
    items.push_back(
        {.kind = ItemKind::kAny,
         .label = fmt::format("{:<20} {:>3} of {:<3} {}", feature.name, chosen, columns.size(), feature.doc),
         .id = feature.name,
         .explanation = fmt::format("{} Space puts all its columns into the table, or takes them out.",
                                    feature.doc.ends_with('.') ? feature.doc : feature.doc + "."),
         .is_on = chosen > 0});
  }
  return items;
}

std::vector<Item> column_items(const Model& model) {
  Items items = own_column_items(model);
  for (const OfferedColumn& column : model.offer().columns)
    items.push_back(
        {.kind = ItemKind::kAny,
         .label = fmt::format("{:<34} {:<8} {}", column.name, column.type, column.unit),
         .id = column.name,
         .explanation = fmt::format("{} ({}{}{}). {}. Reveals: {}.", column.name, column.type,
                                    column.unit.empty() ? "" : ", ", column.unit, column.doc, column.reveals),
         .is_on = model.has_column(column.name)});
  return items;
}

void choose_feature(const Item& item, Model& model) {
  model.set_columns(columns_of_feature(model, item.id), !item.is_on);
}

void choose_column(const Item& item, Model& model) {
  if (item.kind == ItemKind::kAny) return model.toggle_column(item.id);
  model.choose_own_column(static_cast<std::size_t>(parse_u64(item.id).value_or(0)));
}

}  // namespace flowgauge
