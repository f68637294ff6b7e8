// `columns` of an exporter: a table of the profile's own. Expressions are only text here; core/expression reads them.
#include <algorithm>
#include <map>
#include <utility>

#include "core/profile/choices.h"
#include "core/profile/fields.h"
#include "core/profile/key_table.h"
#include "core/profile/sections.h"

namespace flowgauge {
namespace {

Result<void> read_non_empty(const YamlNode& node, std::string_view key, Located<std::string>& target) {
  if (Result<void> done = read_text(node, key, target); !done) return done;
  if (target.value.empty()) return node.refuse("'{}' is empty; give it a text", key);
  return {};
}

constexpr Key<ProfileColumn> kColumnTable[] = {
    {"name", [](const YamlNode& node, std::string_view key,
                ProfileColumn& column) { return read_non_empty(node, key, column.name); }},
    {"expression", [](const YamlNode& node, std::string_view key,
                      ProfileColumn& column) { return read_non_empty(node, key, column.expression); }},
    {"type", read_choice_member<kTypes, &ProfileColumn::type>},
    {"unit", read_choice_member<kUnits, &ProfileColumn::unit>},
    {"when", read_choice_member<kForms, &ProfileColumn::when>},
    {"required", [](const YamlNode& node, std::string_view key,
                    ProfileColumn& column) { return read_bool(node, key, column.required); }},
};

Result<void> read_column(const YamlNode& node, std::string_view list, ProfileColumn& column) {
  if (node.kind == YamlNode::Kind::kScalar) {  // a column as it is, under its own name
    if (Result<void> done = read_non_empty(node, list, column.name); !done) return done;
    column.expression = column.name;
    return {};
  }
  if (node.kind != YamlNode::Kind::kMap) {
    return node.refuse("an entry of '{}' is the name of a column, or a mapping with 'name' and 'expression', not {}",
                       list, kind_text(node.kind));
  }
  if (Result<void> done = read_map<ProfileColumn>(node, list, kColumnTable, column); !done) return done;
  if (column.name.value.empty()) return node.refuse("an entry of '{}' needs 'name'", list);
  if (column.expression.value.empty()) {
    return node.refuse("an entry of '{}' needs 'expression', which gives the values of '{}'", list,
                       printable(column.name.value));
  }
  return {};
}

// One name may stand for one column of the full form and one of the clean form.
bool may_share_name(const ProfileColumn& one, const ProfileColumn& other) {
  return one.when != other.when && one.when != FG_WHEN_BOTH && other.when != FG_WHEN_BOTH;
}

}  // namespace

Result<void> read_columns(const YamlNode& node, std::string_view key, ProfileExporter& exporter) {
  if (node.kind != YamlNode::Kind::kNothing) {
    if (Result<void> done = check_list(node, key); !done) return done;
  }
  if (node.items.empty()) return node.refuse("'{}' is empty; a table has at least one column", key);
  exporter.columns.clear();
  std::multimap<std::string_view, const ProfileColumn*> known;
  exporter.columns.reserve(node.items.size());  // so that `known` can point into it
  for (const YamlNode& item : node.items) {
    ProfileColumn& column = exporter.columns.emplace_back();
    if (Result<void> done = read_column(item, key, column); !done) return done;
    const auto [begin, end] = known.equal_range(column.name.value);
    const auto taken = std::find_if(begin, end, [&](const auto& one) { return !may_share_name(column, *one.second); });
    if (taken != end) {
      return item.refuse("column '{}' is there twice{}; give each its own name", printable(column.name.value),
                         first_in_line(taken->second->name.line));
    }
    known.emplace(column.name.value, &column);
  }
  return {};
}

std::vector<std::string> column_keys() { return key_names<ProfileColumn>(kColumnTable); }

}  // namespace flowgauge
