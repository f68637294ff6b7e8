// schemas: with every value of their options, complete and with classes excluded, they bind to the columns of the
// features they speak of; derives bear hostile cells.
#include <fmt/format.h>

#include <array>
#include <set>

#include "core/base/try.h"
#include "core/check/check_derive.h"
#include "core/check/checks.h"
#include "core/check/named_features.h"
#include "core/plugin/contamination_classes.h"
#include "core/plugin/schema_options.h"
#include "core/table/schema.h"
#include "core/table/schema_features.h"

namespace flowgauge {
namespace {

// The schema by default, then with each value that an entry asks for.
Result<std::vector<SchemaDefinition>> definitions_of(const Schema& schema) {
  std::vector<SchemaDefinition> definitions;
  std::set<std::string> tried;
  std::vector<std::vector<OptionText>> choices = {{}};
  for (const fg_schema_column& entry : schema.columns) {
    if (entry.only_if == nullptr || !tried.insert(entry.only_if).second) continue;
    const auto condition = read_condition(entry.only_if);
    if (condition) choices.push_back({{condition->option, condition->value, ""}});
  }
  for (const auto& texts : choices) {
    const auto options = TRY(parse_schema_options(schema, texts, ""));
    definitions.push_back(schema_definition(schema, options.values()));
  }
  return definitions;
}

Finding bind(const SchemaDefinition& definition, NamedFeatures& features) {
  for (const auto& [feature, place] : features_named_in(definition)) {
    if (auto loaded = features.load(feature); !loaded) return fmt::format("{}: {}", place, loaded.error().message);
  }
  // A derived feature of the schema's own name.
  if (features.catalog().find_feature(definition.name) != nullptr)
    if (auto loaded = features.load(definition.name); !loaded) return loaded.error().message;
  if (const auto bound = bind_schema(definition, features.catalog(), FG_REVEALS_NOTHING); !bound) {
    return bound.error().message;
  }
  // Excluding may leave nothing, or something required out: that is the profile's mistake. The rest is the schema's.
  for (const fg_contamination excluded : {std::uint64_t{FG_REVEALS_IDENTITY}, std::uint64_t{FG_REVEALS_PORT},
                                          std::uint64_t{FG_REVEALS_TIME}, std::uint64_t{kAllClasses}}) {
    const auto bound = bind_schema(definition, features.catalog(), excluded);
    if (!bound && bound.error().code == ExitCode::kPlugin) return "with classes excluded: " + bound.error().message;
  }
  return {};
}

Finding ask_schema(const Schema& schema, NamedFeatures& features) {
  const auto definitions = definitions_of(schema);
  if (!definitions) return definitions.error().message;
  for (const SchemaDefinition& definition : *definitions) {
    if (Finding wrong = bind(definition, features); !wrong.empty()) return wrong;
  }
  for (const Derive& derive : schema.derives) {
    Finding wrong = check_derive({"schema", schema.name, *schema.module}, derive, features.catalog());
    if (!wrong.empty()) return wrong;
  }
  return {};
}

}  // namespace

Verdict check_schemas(const Subject& subject) {
  if (subject.module.schemas.empty()) return skipped("it offers no schema");
  NamedFeatures features(subject);
  if (const auto begun = features.begin(); !begun) return failed(begun.error().message);
  for (const Schema& schema : subject.module.schemas) {
    if (Finding wrong = ask_schema(schema, features); !wrong.empty()) return failed(std::move(wrong));
  }
  return passed();
}

}  // namespace flowgauge
