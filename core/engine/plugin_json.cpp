#include "core/engine/plugin_json.h"

#include <fmt/format.h>

#include <string_view>

#include "core/plugin/contamination.h"
#include "core/plugin/derived_feature.h"
#include "core/report/report_members.h"

namespace flowgauge {
namespace {

struct Need {
  fg_needs bit;
  std::string_view name;
};
constexpr Need kNeeds[] = {{FG_NEEDS_KEY, "key"},         {FG_NEEDS_TIME, "time"},     {FG_NEEDS_TAGS, "tags"},
                           {FG_NEEDS_PAYLOAD, "payload"}, {FG_NEEDS_FIELDS, "fields"}, {FG_NEEDS_HEADERS, "headers"}};

struct Takes {
  fg_takes bit;
  std::string_view name;
};
constexpr Takes kTakes[] = {{FG_TAKES_UNSIGNED, "unsigned"}, {FG_TAKES_LISTS, "lists"}};

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
    if (option.minimum != nullptr) json.text("minimum", option.minimum);
    if (option.maximum != nullptr) json.text("maximum", option.maximum);
    if (option.choice_count > 0) {
      json.begin_array("choices");
      for (std::uint32_t i = 0; i < option.choice_count; ++i) json.text({}, option.choices[i]);
      json.end_array();
    }
    json.end_object();
  }
  json.end_array();
}

void add_ends(JsonText& json, const std::vector<fg_end>& ends) {
  json.begin_array("ends");
  for (const fg_end& end : ends) json.begin_object().text("name", end.name).text("doc", end.doc).end_object();
  json.end_array();
}

void add_packet_filters(JsonText& json, const std::vector<fg_packet_filter>& filters) {
  json.begin_array("packet_filters");
  for (const fg_packet_filter& filter : filters)
    json.begin_object().number("ip_protocol", filter.ip_protocol).number("port", filter.port).end_object();
  json.end_array();
}

void add_counters(JsonText& json, const std::vector<fg_counter>& counters) {
  json.begin_array("counters");
  for (const fg_counter& counter : counters)
    json.begin_object()
        .text("name", counter.name)
        .text("unit", unit_name(counter.unit))
        .text("doc", counter.doc)
        .end_object();
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
  add_packet_filters(json, feature.packet_filters);
  add_ends(json, feature.ends);
  add_counters(json, feature.counters);
  json.end_object();
}

void add_derived(JsonText& json, const Feature& feature) {
  json.begin_object().text("name", feature.name).text("version", feature.version).text("doc", feature.doc);
  json.begin_array("derives");
  for (const Derive& derive : feature.derives) {
    json.begin_object().begin_array("inputs");
    for (const fg_input& input : derive.inputs)
      json.begin_object().text("name", input.name).text("type", type_name(input.type)).end_object();
    json.end_array();
    add_columns(json, derive.outputs);
    json.end_object();
  }
  json.end_array().end_object();
}

void add_schema(JsonText& json, const Schema& schema) {
  json.begin_object().text("name", schema.name).text("version", schema.version).text("doc", schema.doc);
  add_columns(json, schema.columns);
  add_options(json, schema.options);
  json.end_object();
}

void add_sink(JsonText& json, const Sink& sink) {
  json.begin_object().text("name", sink.name).text("version", sink.version).text("doc", sink.doc);
  json.text("place", sink.table.place == FG_PLACE_FILE ? "file" : "own").begin_array("takes");
  for (const std::string& type : takes_names(sink.table)) json.text({}, type);
  json.end_array();
  add_options(json, sink.options);
  json.end_object();
}

}  // namespace

std::vector<std::string> takes_names(const fg_sink& sink) {
  std::vector<std::string> names;
  for (const Takes& takes : kTakes)
    if ((sink.takes & takes.bit) != 0) names.emplace_back(takes.name);
  return names;
}

std::vector<std::string> need_names(const fg_feature& feature) {
  std::vector<std::string> names;
  for (const Need& need : kNeeds)
    if ((feature.needs & need.bit) != 0) names.emplace_back(need.name);
  return names;
}

void add_classes(JsonText& json, const char* key, fg_contamination classes) {
  json.begin_array(key);
  for (const ContaminationClass& one : contamination_classes(classes)) json.text({}, one.name);
  json.end_array();
}

void add_module(JsonText& json, const Module& module) {
  json.text("name", module.name).text("version", module.version).text("licence", module.licence);
  if (!module.vendor.empty()) json.text("vendor", module.vendor);
  if (!module.url.empty()) json.text("url", module.url);
  if (!module.support.empty()) json.text("support", module.support);
  json.number("min_host_minor", module.min_host_minor).number("built_minor", module.built_minor);
  add_libraries(module.libraries, json);
  json.begin_array("features");
  for (const Feature& feature : module.features) add_feature(json, feature);
  json.end_array().begin_array("derived");
  for (const Feature& feature : module.derived) add_derived(json, feature);
  json.end_array().begin_array("schemas");
  for (const Schema& schema : module.schemas) add_schema(json, schema);
  json.end_array().begin_array("sinks");
  for (const Sink& sink : module.sinks) add_sink(json, sink);
  json.end_array();
}

std::string source_of(const Feature& feature, const fg_column& column) {
  if (column.source != nullptr) return column.source;
  if (feature.module == nullptr) return "flowgauge";
  return fmt::format("plugin {} {}", feature.module->name, feature.module->version);
}

std::string modules_json(std::span<const Module* const> modules) {
  JsonText json;
  json.begin_array();
  for (const Module* module : modules) {
    json.begin_object().text("path", module->path).text("sha256", module->sha256);
    add_module(json, *module);
    json.end_object();
  }
  json.end_array();
  return json.take();
}

std::string columns_json(const Catalog& catalog) {
  JsonText json;
  json.begin_array();
  for (const CatalogColumn* one : catalog.columns()) {
    const fg_column& column = one->column();
    const bool nullable = (column.flags & FG_NULLABLE) != 0;
    json.begin_object().text("name", one->full_name).text("kind", is_derived(*one->feature) ? "derived" : "feature");
    json.text("type", fmt::format("{}{}", type_name(column.type), nullable ? "?" : ""));
    json.text("unit", unit_name(column.unit));
    add_classes(json, "classes", revealed_by(*one, catalog));
    add_classes(json, "classes_of_extremes", revealed_by_extremes(column));
    json.text("meaning", column.doc).text("source", source_of(*one->feature, column)).end_object();
  }
  json.end_array();
  return json.take();
}

}  // namespace flowgauge
