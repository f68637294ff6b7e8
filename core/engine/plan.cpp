#include "core/engine/plan.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>
#include <utility>

#include "core/base/text.h"
#include "core/base/try.h"
#include "core/engine/appended_columns.h"
#include "core/engine/chosen_columns.h"
#include "core/engine/module_loader.h"
#include "core/flow/flow_columns.h"
#include "core/flow/flow_key.h"
#include "core/flow/flow_record.h"
#include "core/labels/label_file.h"
#include "core/labels/label_time.h"
#include "core/output/destination.h"
#include "core/output/plugin_sink.h"
#include "core/output/sink_kinds.h"
#include "core/output/time_name.h"
#include "core/plugin/schema_options.h"
#include "core/plugin/search.h"
#include "core/profile/canonical.h"
#include "core/table/schema_features.h"

namespace flowgauge {
namespace {

constexpr std::uint32_t kMostDefaultThreads = 8;  // one reader feeds about so many shards

Result<void> read_labels(Plan& plan) {
  const ProfileLabels& wanted = plan.profile.labels;
  if (wanted.file.value.empty()) return {};
  std::optional<std::int32_t> zone_seconds;
  if (!wanted.time_zone.value.empty()) {
    const auto zone = parse_utc_offset(wanted.time_zone.value);
    if (!zone) return fail(ExitCode::kUsage, "{}'time_zone': {}", wanted.time_zone.where(), zone.error());
    zone_seconds = *zone;
  }
  auto file = TRY(read_label_file(wanted.file.value, zone_seconds, wanted.file.where()));
  plan.labels.emplace(std::move(file));
  return {};
}

// Labels are targets, not features: no contamination class keeps them out.
Result<std::vector<OutputColumn>> with_label_columns(const Plan& plan, const BoundSchema& schema) {
  std::vector<OutputColumn> columns = schema.columns;
  if (!plan.labels) return columns;
  for (const std::string& name : plan.labels->file.columns) {
    if (std::ranges::find(schema.columns, name, &OutputColumn::name) != schema.columns.end())
      return fail(ExitCode::kUsage,
                  "{}: the label column '{}' is a column of schema '{}' already; call it something else",
                  plan.labels->file.path, name, schema.name);
    columns.push_back({name, FG_STRING, FG_UNIT_NONE, FG_REVEALS_NOTHING});
  }
  return columns;
}

// "FILE:LINE", or "".
template <class T>
std::string place_of(const Located<T>& value) {
  std::string place = value.where();
  if (place.ends_with(": ")) place.resize(place.size() - 2);
  return place;
}

std::vector<OptionText> texts_of(const std::vector<ProfileOption>& options) {
  std::vector<OptionText> texts;
  for (const ProfileOption& option : options)
    texts.push_back({option.name.value, option.text.value, place_of(option.name), option.items});
  return texts;
}

// A table of the profile's own.
SchemaDefinition own_definition(const ProfileExporter& exporter) {
  SchemaDefinition definition;
  definition.name = exporter.schema.value;
  definition.origin = place_of(exporter.schema);
  definition.fault = ExitCode::kUsage;
  for (const ProfileColumn& column : exporter.columns)
    definition.entries.push_back({.name = column.name.value,
                                  .expression = column.expression.value,
                                  .type = column.type == 0 ? kOwnType : column.type,
                                  .unit = column.unit,
                                  .when = column.when,
                                  .required = column.required,
                                  .where = place_of(column.expression)});
  return definition;
}

Result<SchemaDefinition> definition_of(const ProfileExporter& exporter, ModuleLoader& loader) {
  if (!exporter.columns.empty()) return own_definition(exporter);
  const auto schema = TRY(loader.schema(exporter));
  const auto options = TRY(parse_schema_options(*schema, texts_of(exporter.options), place_of(exporter.schema)));
  return schema_definition(*schema, options.values());
}

// A run that asks for them cannot do without: where their classes are excluded it is refused.
void append_order_columns(SchemaDefinition& definition) {
  for (const std::string_view name : kReleaseColumns)
    definition.entries.push_back({.name = std::string(name),
                                  .expression = std::string(name),
                                  .type = kOwnType,
                                  .unit = FG_UNIT_NONE,
                                  .when = FG_WHEN_BOTH,
                                  .required = true});
}

// What it is, where it goes, and that both get along.
Result<const SinkKind*> sink_kind(Plan& plan, ModuleLoader& loader, const ProfileExporter& exporter,
                                  std::span<const OutputColumn> columns) {
  if (const auto text = table_format(exporter.format.name.value)) return &text_sink_kind(*text);
  const Sink* sink = TRY(loader.sink(exporter));
  const std::string place = place_of(exporter.format.name);
  const auto options =
      TRY(parse_options(fmt::format("sink '{}'", sink->name), sink->options, texts_of(exporter.format.options), place));
  if (const auto checked = check_columns(*sink, columns); !checked)
    return at(exporter.format.name.where() + "schema '" + exporter.schema.value + "': ", checked.error());
  plan.sinks.push_back(sink);
  const SinkKind& kind = plan.plugin_sinks.emplace_back(plugin_sink_kind(*sink, options));
  if (kind.place == SinkKind::Place::kFile) return &kind;
  if (is_standard_output(exporter.path.value))
    return fail(ExitCode::kUsage, "{}sink '{}' does not write to standard output; say where its rows go with 'path'",
                exporter.format.name.where(), sink->name);
  if (exporter.rotate.any())
    return fail(ExitCode::kUsage, "{}sink '{}' writes no file, which could be rotated; leave 'rotate' out",
                exporter.format.name.where(), sink->name);
  if (exporter.metadata)
    return fail(ExitCode::kUsage, "{}sink '{}' writes no file, which metadata could lie beside; leave 'metadata' out",
                exporter.format.name.where(), sink->name);
  return &kind;
}

// Files of a series have names of their own, so that none is appended to.
Result<void> check_existing(const ProfileExporter& exporter, const SinkKind& kind) {
  const bool is_file = kind.place == SinkKind::Place::kFile && !is_standard_output(exporter.path.value);
  if (exporter.existing != ExistingFile::kAppend || kind.can_append || !is_file) return {};
  if (exporter.rotate.any() || has_time_fields(exporter.path.value)) return {};
  return fail(
      ExitCode::kUsage,
      "{}{}: rows cannot be added to a file of the format {}; take csv or jsonl, or give each run a file of its "
      "own with fields of time in the path (flows-%Y%m%d-%H%M%S)",
      exporter.path.where(), exporter.path.value, kind.name);
}

// What needs a file of a name.
Result<void> check_rotation(const ProfileExporter& exporter) {
  if (exporter.rotate.any() && is_standard_output(exporter.path.value))
    return fail(ExitCode::kUsage, "{}schema '{}' goes to standard output, which cannot be rotated; give it a path",
                exporter.schema.where(), exporter.schema.value);
  if (exporter.keep.any() && !exporter.rotate.any() && !has_time_fields(exporter.path.value))
    return fail(ExitCode::kUsage,
                "{}'keep' is for tables with several files; add 'rotate', or fields of time to the path",
                exporter.schema.where());
  return {};
}

Result<void> bind_outputs(Plan& plan, ModuleLoader& loader, OrderColumns order, std::span<const std::string> columns) {
  if (!columns.empty() && plan.profile.exporters.size() != 1)
    return fail(ExitCode::kUsage, "columns are chosen of one table, but the profile has {}; choose one by its schema",
                counted(plan.profile.exporters.size(), "table"));
  std::vector<SchemaDefinition> definitions;
  for (const ProfileExporter& exporter : plan.profile.exporters) {
    auto definition = TRY(definition_of(exporter, loader));
    TRY(append_columns(plan.profile, exporter, definition));
    if (!columns.empty()) TRY(choose_columns(columns, definition, plan.labels));
    if (order == OrderColumns::kAppended) append_order_columns(definition);
    definitions.push_back(std::move(definition));
  }
  std::map<std::string, std::string> named;
  for (const SchemaDefinition& definition : definitions) {
    named.merge(features_named_in(definition));
    // Which leaves the schema's own name out; a derived feature beside it may have that too.
    if (plan.catalog.find_feature(definition.name) != nullptr)
      named.try_emplace(definition.name, fmt::format("schema '{}'", definition.name));
  }
  TRY(loader.features(named));
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    const ProfileExporter& exporter = plan.profile.exporters[i];
    TRY(check_rotation(exporter));
    TRY(check_appended(plan, exporter, definitions[i]));
    if (exporter.metadata && (exporter.path.value.empty() || exporter.path.value == "-"))
      return fail(ExitCode::kUsage,
                  "{}schema '{}' goes to standard output, which no metadata can lie beside; give it a "
                  "path",
                  exporter.schema.where(), exporter.schema.value);
    auto bound =
        bind_schema(definitions[i], plan.catalog, plan.profile.contamination.value, plan.profile.output.time_decimals);
    // What is wrong with a table of the profile's own has its place already.
    const std::string where = exporter.columns.empty() ? exporter.schema.where() : "";
    if (!bound) return at(where, bound.error());
    if (auto chosen = expect_chosen(columns, *bound); !chosen) return chosen;
    auto all = with_label_columns(plan, *bound);
    if (!all) return at(where, all.error());
    const SinkKind* kind = TRY(sink_kind(plan, loader, exporter, *all));
    TRY(check_existing(exporter, *kind));
    plan.outputs.push_back({std::move(*bound), std::move(*all), kind, exporter.path, exporter.header, exporter.metadata,
                            exporter.rotate, exporter.keep, exporter.mode, exporter.existing});
  }
  return {};
}

Result<OptionValues> options_of(const Plan& plan, const Feature& feature) {
  std::vector<OptionText> given;
  std::string where;
  for (const ProfileFeature& entry : plan.profile.features) {
    if (entry.name.value != feature.name) continue;
    where = place_of(entry.name);
    given = texts_of(entry.options);
  }
  return parse_options(feature, given, where);
}

// Only features of which some schema, or a derived feature that one uses, reads a column work, and they emit only what
// is read.
Result<void> choose_features(Plan& plan) {
  plan.needed.clear();
  plan.active.clear();
  std::set<const CatalogColumn*> needed;
  for (const PlannedOutput& output : plan.outputs)
    for (const CatalogColumn* column : output.schema.needed)
      if (needed.insert(column).second) plan.needed.push_back(column);
  plan.derived = TRY(bind_derived(plan.needed, plan.catalog));
  std::set<const Feature*> used;
  for (const CatalogColumn* column : plan.needed) used.insert(column->feature);
  for (const Feature* feature : plan.catalog.features()) {
    auto options = options_of(plan, *feature);  // wrong options are refused even where nothing is used
    if (!options) return std::unexpected(options.error());
    if (used.contains(feature) && !is_derived(*feature)) plan.active.push_back({feature, std::move(*options)});
  }
  plan.rows = TRY(rows_of(plan));
  if (uses(plan, EventPart::kOuterAddresses)) plan.host = HostRecord::kWithOuter;
  plan.layout = lay_out_record(plan.active, bytes_of(plan.host));
  return {};
}

}  // namespace

Result<std::unique_ptr<Plan>> make_plan(const Profile& profile, const PluginPaths& paths, OrderColumns order,
                                        std::span<const std::string> columns) {
  PluginTrial trial = paths.trial;
  trial.limits = profile.trial;
  auto plan = std::make_unique<Plan>(std::move(trial));
  plan->profile = profile;
  plan->rules = profile.flow;
  plan->place->sensor = profile.sensor.value;
  plan->parse = parse_config_of(profile.packets, fragment_scope_of(profile.flow.flow_key));
  const std::uint32_t useful = std::clamp(std::thread::hardware_concurrency(), 1U, kMostDefaultThreads);
  plan->threads = profile.threads == 0 ? useful : std::min(profile.threads, kPartitions);

  ModuleLoader loader(*plan, paths);
  TRY(loader.add_host_columns());
  loader.prepare(profile);
  for (const ProfileFeature& feature : profile.features) TRY(loader.feature(feature.name, feature.plugin));
  TRY(read_labels(*plan));
  TRY(bind_outputs(*plan, loader, order, columns));
  TRY(choose_features(*plan));
  plan->profile_hash = profile_hash(profile);
  return plan;
}

bool uses(const Plan& plan, EventPart part) {
  return std::ranges::any_of(plan.needed, [&](const CatalogColumn* column) {
    return column->feature == &plan.flow && event_part(column->index) == part;
  });
}

Result<void> keep_outputs(Plan& plan, std::span<const std::size_t> kept) {
  std::vector<PlannedOutput> outputs;
  for (const std::size_t output : kept) outputs.push_back(std::move(plan.outputs[output]));
  plan.outputs = std::move(outputs);
  return choose_features(plan);
}

std::unique_ptr<Plan> load_all_plugins(const PluginPaths& paths, std::vector<std::string>& refusals) {
  auto plan = std::make_unique<Plan>(paths.trial);
  ModuleLoader loader(*plan, paths);
  if (const auto added = loader.add_host_columns(); !added) refusals.push_back(added.error().message);
  std::vector<LoadRequest> requests;
  for (const FoundModule& found : list_modules(default_search_path(paths.directories))) {
    warn_of_hidden(found);
    requests.push_back({.path = found.path, .origin = found.origin, .trust = paths.trust, .sha256 = {}});
  }
  plan->modules.prepare(requests);
  for (const LoadRequest& request : requests) {
    const auto module = plan->modules.describe(request);
    if (!module) {
      refusals.push_back(module.error().message);
    } else if (const auto added = plan->catalog.add(**module); !added) {
      refusals.push_back(added.error().message);
    }
  }
  return plan;
}

}  // namespace flowgauge
