// What a module says of itself, judged, put into the catalog and used: see module_tables.h. What is left of an input is
// what a profile gives as values of the options.
#include <string>
#include <vector>

#include "core/plugin/catalog.h"
#include "core/plugin/derived_feature.h"
#include "core/plugin/module_rules.h"
#include "core/plugin/options.h"
#include "core/plugin/packet_filters.h"
#include "core/plugin/schema_options.h"
#include "core/table/schema.h"
#include "tests/fuzz/module_tables.h"
#include "tests/fuzz/target.h"

namespace {

using flowgauge::test::InputBytes;
using flowgauge::test::ModuleTables;
using flowgauge::test::must_hold;

void must_be_a_refusal(const flowgauge::Error& error) {
  must_hold(error.message.starts_with("x.so: ") && error.message.size() > 6, "a refusal is a sentence about the file");
}

// As a profile has them.
std::vector<flowgauge::OptionText> option_texts(InputBytes& input) {
  std::vector<flowgauge::OptionText> given;
  for (std::size_t left = input.below(4); left > 0; --left) {
    flowgauge::OptionText option{.name = ModuleTables::kNames[input.below(4)], .value = {}, .where = "p.yaml:1"};
    if (input.below(2) == 0) {
      option.value = input.line();
    } else {
      option.items.emplace();
      for (std::size_t items = input.below(5); items > 0; --items) option.items->push_back(input.line());
    }
    given.push_back(std::move(option));
  }
  return given;
}

// Of each option one, or a sentence that begins with its place.
void must_be_values(const flowgauge::Result<flowgauge::OptionValues>& values, std::span<const fg_option> options) {
  if (!values) {
    const std::string& message = values.error().message;
    must_hold(message.starts_with("p.yaml:1: ") || message.starts_with("x.so: "), "a refusal begins with its place");
    return;
  }
  must_hold(values->values().size() == options.size() && values->lists().size() == options.size(),
            "each option has a value");
}

void use_feature(const flowgauge::Feature& feature, std::span<const flowgauge::OptionText> given) {
  must_hold(!feature.columns.empty() && feature.name.size() <= 64, "a feature has a name and columns");
  must_hold(feature.counters.empty() == (feature.table.count == nullptr), "who has counters counts");
  must_be_values(flowgauge::parse_options(feature, {}, "x.so"), feature.options);
  must_be_values(flowgauge::parse_options(feature, given, "x.so"), feature.options);
  if (feature.packet_filters.empty()) return;
  const flowgauge::PacketFilters filters(feature.packet_filters);
  for (const fg_packet_filter& filter : feature.packet_filters) {
    const fg_key key{.destination_port = filter.port};
    must_hold(filters.fit(filter.ip_protocol, key), "what a filter names fits");
  }
}

void use_derived_feature(const flowgauge::Feature& feature, const flowgauge::Catalog& catalog) {
  must_hold(!feature.columns.empty() && flowgauge::is_derived(feature), "a derived feature has columns and derives");
  for (const fg_column& column : feature.columns) {
    const auto* const found = catalog.find(feature.name + "." + column.name);
    must_hold(found != nullptr && found->derive->outputs[found->output].type == column.type, "it has what makes it");
    (void)flowgauge::revealed_by(*found, catalog);
    if (const auto inputs = flowgauge::made_of(*found, catalog); !inputs) must_be_a_refusal(inputs.error());
  }
}

void use_schema(const flowgauge::Schema& schema, std::span<const flowgauge::OptionText> given,
                const flowgauge::Catalog& catalog) {
  must_be_values(flowgauge::parse_schema_options(schema, given, "x.so"), schema.options);
  const auto values = flowgauge::parse_schema_options(schema, {}, "x.so");
  must_be_values(values, schema.options);
  if (!values) return;
  auto definition = flowgauge::schema_definition(schema, values->values());
  definition.origin = "x.so";
  for (const fg_contamination excluded : {FG_REVEALS_NOTHING, FG_REVEALS_TIME, FG_REVEALS_PORT})
    if (const auto bound = flowgauge::bind_schema(definition, catalog, excluded); !bound)
      must_be_a_refusal(bound.error());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ModuleTables tables(data, size);
  const fg_module& table = tables.module();
  const auto module = flowgauge::read_module(table, "x.so");
  if (!module) {
    must_be_a_refusal(module.error());
    return 0;
  }
  (*module)->path = "x.so";
  flowgauge::Catalog catalog;
  if (const auto added = catalog.add(**module); !added) {  // a schema derives what a feature of its name has
    must_be_a_refusal(added.error());
    return 0;
  }
  must_hold(!catalog.add(**module), "names that are taken are refused");
  const std::vector<flowgauge::OptionText> given = option_texts(tables.rest());
  for (const flowgauge::Feature& feature : (*module)->features) use_feature(feature, given);
  for (const flowgauge::Feature& feature : (*module)->derived) use_derived_feature(feature, catalog);
  for (const flowgauge::Schema& schema : (*module)->schemas) use_schema(schema, given, catalog);
  for (const flowgauge::Sink& sink : (*module)->sinks)
    must_be_values(flowgauge::parse_options("sink", sink.options, given, "x.so"), sink.options);
  if (!(*module)->features.empty()) flowgauge::test::note_taken();
  return 0;
}
