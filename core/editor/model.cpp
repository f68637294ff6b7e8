#include "core/editor/model.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/profile/key_text.h"
#include "core/profile/yaml_text.h"

namespace flowgauge {
namespace {

constexpr std::string_view kTables = "exporters";
// What a table of one's own begins with: whose flow it is.
const std::vector<std::string> kFirstColumns = {"flow.src_ip", "flow.dst_ip", "flow.protocol"};

const YamlNode* part_of(const YamlNode& map, std::string_view key) {
  const auto entry = std::ranges::find(map.entries, key, &YamlEntry::key);
  return entry == map.entries.end() ? nullptr : &entry->value;
}

// Of an entry of `columns` or `append`: the column that it is made of, as it is.
std::string column_of(const YamlNode& item) {
  if (item.kind == YamlNode::Kind::kScalar) return item.text;
  const YamlNode* expression = part_of(item, "expression");
  return expression == nullptr ? "" : expression->text;
}

// "2].path" -> 2
std::size_t number_in(std::string_view text) {
  return static_cast<std::size_t>(parse_u64(text.substr(0, text.find(']'))).value_or(0));
}

}  // namespace

bool is_typed_as_yaml(std::string_view key) {
  const auto text = text_of_key(documented_key(key));
  return text && (text->type.contains("list") || text->type.contains("mapping"));
}

void Model::begin(Draft draft, std::string name) {
  draft_ = std::move(draft);
  name_ = std::move(name);
  table_ = 0;
  changed();
}

void Model::rename(std::string name) {
  name_ = std::move(name);
  changed();
}

void Model::changed() {
  const YamlNode* const extends = draft_.find("extends");
  const std::string base = extends == nullptr ? "" : extends->text;
  if (const std::string base_name = fmt::format("{}\n{}", base, name()); base_name != base_name_) {
    base_ = BaseValues(base, name());
    base_name_ = base_name;
  }
  mistakes_ = mistakes_of(draft_, name());
  planned_mistake_.reset();
  if (table_ >= table_count()) table_ = table_count() == 0 ? 0 : table_count() - 1;
}

void Model::set_planned_mistake(std::optional<Mistake> mistake) {
  if (planned_mistake_) std::erase(mistakes_, *planned_mistake_);
  planned_mistake_ = std::move(mistake);
  if (planned_mistake_ && mistakes_.empty()) mistakes_.push_back(*planned_mistake_);
}

std::string Model::value(std::string_view key) const {
  const YamlNode* own = draft_.find(key);
  if (own == nullptr && key.starts_with(kTables) && draft_.find(kTables) != nullptr) {
    // The base's tables are not these.
    const auto text = text_of_key(documented_key(key));
    return text ? text->fallback == "\"-\"" ? "-" : text->fallback : "none";
  }
  if (own == nullptr) return base_.of(key);
  return own->kind == YamlNode::Kind::kScalar ? own->text : yaml_value_text(*own);
}

Result<void> Model::type(const std::string& key, const std::string& text) {
  if (!is_typed_as_yaml(key)) {
    set(key, text_node(text));
    return {};
  }
  set(key, TRY(parse_yaml_value(text, key)));
  return {};
}

void Model::set(const std::string& key, YamlNode value) {
  if (key.starts_with(kTables)) own_tables();
  draft_.set(key, std::move(value));
  changed();
}

void Model::erase(const std::string& key) {
  draft_.erase(key);
  changed();
}

void Model::restore(const Draft& draft) {
  draft_ = draft;
  changed();
}

const YamlNode& Model::tables() const {
  const YamlNode* own = draft_.find(kTables);
  return own == nullptr ? base_.tables() : *own;
}

const YamlNode* Model::part_of_table(std::size_t table, std::string_view key) const {
  if (table >= tables().items.size()) return nullptr;
  const YamlNode& entry = tables().items[table];
  if (entry.kind == YamlNode::Kind::kScalar) return key == "schema" ? &entry : nullptr;
  return part_of(entry, key);
}

void Model::own_tables() {
  if (draft_.find(kTables) == nullptr && !base_.tables().items.empty()) draft_.set(kTables, base_.tables());
}

void Model::add_table() {
  own_tables();
  table_ = table_count();
  draft_.set(table_key("schema"), text_node("basic"));
  draft_.set(table_key("path"), text_node(table_ == 0 ? "-" : fmt::format("flows{}.csv", table_ + 1)));
  changed();
}

void Model::remove_table() {
  own_tables();
  draft_.erase(fmt::format("{}[{}]", kTables, table_));
  changed();
}

std::string Model::table_key(std::string_view below) const { return fmt::format("{}[{}].{}", kTables, table_, below); }

std::string Model::schema(std::size_t table) const {
  const YamlNode* name = part_of_table(table, "schema");
  return name == nullptr ? "" : name->text;
}

void Model::choose_schema(const std::string& schema) {
  own_tables();
  if (schema.empty()) {
    draft_.set(table_key("columns"), list_node(kFirstColumns));
    for (const char* of_schema : {"schema", "append"}) draft_.erase(table_key(of_schema));
  } else {
    draft_.set(table_key("schema"), text_node(schema));
    draft_.erase(table_key("columns"));
  }
  for (const char* of_schema : {"module", "sha256", "options"}) draft_.erase(table_key(of_schema));
  changed();
}

bool Model::has_column(std::string_view column) const {
  for (const char* list : {"columns", "append"}) {
    const YamlNode* columns = part_of_table(table_, list);
    if (columns != nullptr && std::ranges::find(columns->items, column, column_of) != columns->items.end()) return true;
  }
  return false;
}

void Model::toggle_column(const std::string& column) { set_columns({column}, !has_column(column)); }

void Model::set_columns(const std::vector<std::string>& columns, bool are_there) {
  own_tables();
  for (const std::string& column : columns) {
    if (has_column(column) == are_there) continue;
    if (are_there) {
      const std::string list = table_key(schema(table_).empty() ? "columns" : "append");
      const YamlNode* now = draft_.find(list);
      YamlNode next = now == nullptr ? list_node({}) : *now;
      next.items.push_back(text_node(column));
      draft_.set(list, std::move(next));
      continue;
    }
    for (const char* name : {"columns", "append"}) {
      const YamlNode* now = draft_.find(table_key(name));
      if (now == nullptr) continue;
      YamlNode next = *now;
      std::erase_if(next.items, [&](const YamlNode& item) { return column_of(item) == column; });
      if (next.items.empty())
        draft_.erase(table_key(name));
      else
        draft_.set(table_key(name), std::move(next));
    }
  }
  changed();
}

void Model::turn_to(std::string_view key) {
  const std::string tables = fmt::format("{}[", kTables);
  if (key.starts_with(tables)) table_ = number_in(key.substr(tables.size()));
  const std::string columns = table_key("columns[");
  if (key.starts_with(columns)) own_column_ = number_in(key.substr(columns.size()));
}

std::vector<std::size_t> Model::own_columns() const {
  std::vector<std::size_t> numbers;
  const YamlNode* const columns = part_of_table(table_, "columns");
  for (std::size_t i = 0; columns != nullptr && i < columns->items.size(); ++i)
    if (columns->items[i].kind == YamlNode::Kind::kMap) numbers.push_back(i);
  return numbers;
}

std::size_t Model::own_column() const {
  const std::vector<std::size_t> numbers = own_columns();
  const bool is_there = std::ranges::find(numbers, own_column_) != numbers.end();
  return is_there || numbers.empty() ? own_column_ : numbers.front();
}

std::string Model::column_key(std::size_t column, std::string_view below) const {
  return table_key(fmt::format("columns[{}].{}", column, below));
}

void Model::add_own_column() {
  own_tables();
  const YamlNode* const columns = part_of_table(table_, "columns");
  own_column_ = columns == nullptr ? 0 : columns->items.size();
  std::size_t number = own_columns().size() + 1;
  const auto is_taken = [&](const YamlNode& item) {
    const YamlNode* const name = part_of(item, "name");
    return name != nullptr && name->text == fmt::format("column {}", number);
  };
  while (columns != nullptr && std::ranges::any_of(columns->items, is_taken)) ++number;
  draft_.set(column_key(own_column_, "name"), text_node(fmt::format("column {}", number)));
  changed();
}

void Model::remove_own_column() {
  own_tables();
  draft_.erase(table_key(fmt::format("columns[{}]", own_column())));
  changed();
}

}  // namespace flowgauge
