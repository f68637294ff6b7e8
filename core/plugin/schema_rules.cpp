#include "core/plugin/schema_rules.h"

#include <algorithm>
#include <map>

#include "core/plugin/derive_rules.h"
#include "core/plugin/descriptor_rules.h"
#include "core/plugin/option_rules.h"
#include "core/plugin/option_value.h"
#include "core/plugin/schema_options.h"

namespace flowgauge {
namespace {

using rules::Finding;

Finding check_entry(const fg_schema_column& entry) {
  if (Finding wrong = rules::check_text(entry.name, "the name of an entry"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_shown_name(entry.name, "an entry"); !wrong.empty()) return wrong;
  const std::string who = fmt::format("entry '{}' ", entry.name);
  if (Finding wrong = rules::check_text(entry.expression, fmt::format("the expression of entry '{}'", entry.name));
      !wrong.empty())
    return wrong;
  if (!rules::is_code(entry.expression))
    return fmt::format("the expression of entry '{}' is not UTF-8, or has control characters; write it as text",
                       entry.name);
  if (!rules::is_type(entry.type) || entry.type == FG_SERIES || entry.type == FG_TIME)
    return who + fmt::format(
                     "has type {}, which no entry can have; use FG_U64, FG_I64, FG_F64, FG_BOOL, FG_STRING or "
                     "a list",
                     entry.type);
  if (!rules::is_unit(entry.unit))
    return who + fmt::format("has unit {}, which is not known; use FG_UNIT_NONE to FG_UNIT_BYTES_PER_S", entry.unit);
  if (entry.when < FG_WHEN_BOTH || entry.when > FG_WHEN_CLEAN)
    return who +
           fmt::format("has when {}, which is not known; use FG_WHEN_BOTH, FG_WHEN_FULL or FG_WHEN_CLEAN", entry.when);
  if (const auto unknown = entry.flags & ~FG_REQUIRED; unknown != 0)
    return who + fmt::format("has flags {:#x}, which are not known; use FG_REQUIRED or 0", unknown);
  return {};
}

Finding check_condition(const fg_schema_column& entry, const std::vector<fg_option>& options) {
  if (entry.only_if == nullptr) return {};
  if (Finding wrong = rules::check_text(entry.only_if, fmt::format("the only_if of entry '{}'", entry.name));
      !wrong.empty())
    return wrong;
  const std::string who = fmt::format("entry '{}' has only_if '{:.80}', ", entry.name, entry.only_if);
  const auto condition = read_condition(entry.only_if);
  if (!condition) return who + "which is not OPTION=VALUE; write it as \"gaps=fill\"";
  const auto option =
      std::find_if(options.begin(), options.end(), [&](const fg_option& one) { return condition->option == one.name; });
  if (option == options.end())
    return who + fmt::format("but the schema has no option '{}'; declare it, or correct the name", condition->option);
  if (const auto value = parse_value(*option, condition->value); !value)
    return who + fmt::format("whose value {}; write it as it would stand in a profile", value.error());
  return {};
}

// May they never be in one table? Of different forms, or of different values of one option.
bool exclude_each_other(const fg_schema_column& one, const fg_schema_column& other) {
  if (one.when != other.when && one.when != FG_WHEN_BOTH && other.when != FG_WHEN_BOTH) return true;
  if (one.only_if == nullptr || other.only_if == nullptr) return false;
  const auto left = read_condition(one.only_if);
  const auto right = read_condition(other.only_if);
  return left && right && left->option == right->option && left->value != right->value;
}

Finding check_entries(const std::vector<fg_schema_column>& entries, const std::vector<fg_option>& options) {
  std::multimap<std::string_view, const fg_schema_column*> known;
  for (const fg_schema_column& entry : entries) {
    if (Finding wrong = check_entry(entry); !wrong.empty()) return wrong;
    if (Finding wrong = check_condition(entry, options); !wrong.empty()) return wrong;
    const auto [begin, end] = known.equal_range(entry.name);
    if (!std::all_of(begin, end, [&](const auto& other) { return exclude_each_other(entry, *other.second); }))
      return fmt::format("has entry '{}' twice in one form; rename one of them", entry.name);
    known.emplace(entry.name, &entry);
  }
  return {};
}

// Everything behind the name. Fills in what it has judged.
Finding read_rest(Schema& schema) {
  const fg_schema& table = schema.table;
  if (Finding wrong = rules::check_text(table.version, "its version"); !wrong.empty()) return wrong;
  if (Finding wrong = rules::check_text(table.doc, "its doc"); !wrong.empty()) return wrong;
  schema.version = table.version;
  schema.doc = table.doc;
  if (table.columns.count == 0) return "has no entries; a schema has at least one";
  if (Finding wrong =
          rules::check_array(table.columns, FG_SIZE_1_0(fg_schema_column, only_if), "fg_schema_column", "entries");
      !wrong.empty())
    return wrong;
  if (Finding wrong = rules::read_options(table.options, rules::OptionsOf::kSchema, schema.options); !wrong.empty())
    return wrong;
  schema.columns = rules::items_of<fg_schema_column>(table.columns);
  if (Finding wrong = check_entries(schema.columns, schema.options); !wrong.empty()) return wrong;
  return rules::read_derives(table.derives, table.derive_count, schema.derives);
}

}  // namespace

Result<Schema> read_schema(const fg_schema* table, const std::string& path) {
  if (table == nullptr) return rules::refuse(path, "a schema in its list is a null pointer; check schema_count");
  if (Finding wrong = rules::check_struct_size(table->struct_size, FG_SIZE_1_0(fg_schema, options), "fg_schema");
      !wrong.empty())
    return rules::refuse(path, "an fg_schema " + wrong);
  Schema schema;
  schema.table = rules::widened<fg_schema>(table, table->struct_size);
  if (Finding wrong = rules::check_name(schema.table.name, "a schema"); !wrong.empty())
    return rules::refuse(path, wrong);
  schema.name = schema.table.name;
  if (Finding wrong = read_rest(schema); !wrong.empty())
    return rules::refuse(path, fmt::format("schema '{}': {}", schema.name, wrong));
  return schema;
}

}  // namespace flowgauge
