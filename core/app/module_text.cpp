#include "core/app/module_text.h"

#include <fmt/format.h>

#include <iterator>

#include "core/base/text.h"
#include "core/plugin/contamination.h"

namespace flowgauge {
namespace {

struct Need {
  fg_needs bit;
  std::string_view name;
};
constexpr Need kNeeds[] = {
    {FG_NEEDS_KEY, "key"}, {FG_NEEDS_TIME, "time"}, {FG_NEEDS_TAGS, "tags"}, {FG_NEEDS_PAYLOAD, "payload"}};

std::vector<std::string> need_names(const fg_feature& feature) {
  std::vector<std::string> names;
  for (const Need& need : kNeeds)
    if ((feature.needs & need.bit) != 0) names.emplace_back(need.name);
  return names;
}

void add_columns(JsonText& json, const std::vector<fg_column>& columns) {
  json.begin_array("columns");
  for (const fg_column& column : columns) {
    json.begin_object().text("name", column.name).text("type", type_name(column.type));
    json.text("unit", unit_name(column.unit)).boolean("nullable", (column.flags & FG_NULLABLE) != 0);
    add_classes(json, "classes", revealed_by(column));
    add_classes(json, "classes_of_extremes", revealed_by_extremes(column));
    json.text("doc", column.doc).end_object();
  }
  json.end_array();
}

void add_columns(JsonText& json, const std::vector<fg_schema_column>& columns) {
  json.begin_array("columns");
  for (const fg_schema_column& column : columns) {
    json.begin_object().text("name", column.name).text("type", type_name(column.type));
    json.text("unit", unit_name(column.unit)).text("expression", column.expression).end_object();
  }
  json.end_array();
}

void add_options(JsonText& json, const std::vector<fg_option>& options) {
  json.begin_array("options");
  for (const fg_option& option : options) {
    json.begin_object().text("name", option.name).text("type", type_name(option.type)).text("doc", option.doc);
    if (option.default_value != nullptr) json.text("default", option.default_value);
    json.end_object();
  }
  json.end_array();
}

void add_feature(JsonText& json, const Feature& feature) {
  json.begin_object().text("name", feature.name).text("version", feature.version).text("doc", feature.doc);
  json.number("state_bytes", feature.table.state_size).boolean("owns_memory", feature.table.release != nullptr);
  json.begin_array("needs");
  for (const std::string& need : need_names(feature.table)) json.text({}, need);
  json.end_array();
  add_columns(json, feature.columns);
  add_options(json, feature.options);
  json.end_object();
}

void add_schema(JsonText& json, const Schema& schema) {
  json.begin_object().text("name", schema.name).text("version", schema.version).text("doc", schema.doc);
  add_columns(json, schema.columns);
  add_options(json, schema.options);
  json.end_object();
}

}  // namespace

void add_classes(JsonText& json, const char* key, fg_contamination classes) {
  json.begin_array(key);
  for (const ContaminationClass& one : contamination_classes(classes)) json.text({}, one.name);
  json.end_array();
}

void add_module(JsonText& json, const Module& module) {
  json.text("name", module.name).text("version", module.version).text("licence", module.licence);
  json.number("min_host_minor", module.min_host_minor).number("built_minor", module.built_minor);
  json.begin_array("features");
  for (const Feature& feature : module.features) add_feature(json, feature);
  json.end_array().begin_array("schemas");
  for (const Schema& schema : module.schemas) add_schema(json, schema);
  json.end_array();
}

std::string needs_text(const fg_feature& feature) {
  std::string text = join(need_names(feature));
  if ((feature.needs & FG_NEEDS_PAYLOAD) != 0) text += fmt::format(" (the first {} bytes)", feature.payload_bytes);
  return text.empty() ? "nothing" : text;
}

std::string type_text(const fg_column& column) {
  std::string text = fmt::format("{}{}", type_name(column.type), (column.flags & FG_NULLABLE) != 0 ? "?" : "");
  if (const std::string_view unit = unit_name(column.unit); !unit.empty()) text += fmt::format(" {}", unit);
  return text;
}

std::string option_text(const fg_option& option) {
  const std::string otherwise =
      option.default_value == nullptr ? "must be given" : fmt::format("default {}", option.default_value);
  return fmt::format("{} ({})", type_name(option.type), otherwise);
}

void add_line(std::string& text, std::string_view label, std::string_view value) {
  if (!value.empty()) fmt::format_to(std::back_inserter(text), "  {:<9} {}\n", label, value);
}

}  // namespace flowgauge
