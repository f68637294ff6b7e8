#include "core/engine/module_loader.h"

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "core/base/suggest.h"
#include "core/base/text.h"
#include "core/base/try.h"
#include "core/flow/flow_columns.h"
#include "core/flow/packet_columns.h"
#include "core/plugin/derived_feature.h"
#include "core/profile/output_name.h"

namespace flowgauge {
namespace {

const Located<std::string>& file_of(const Located<std::string>& name, const ProfileModule& plugin) {
  return plugin.module.value.empty() ? name : plugin.module;
}

std::optional<std::string> digest_of(const ProfileModule& plugin) {
  if (plugin.sha256.value.empty()) return {};
  return plugin.sha256.value;
}

// Sinks of flowgauge's own that an installation may lack, for want of a library.
constexpr auto kSinksOfPackages =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"parquet", "flowgauge-arrow"},
                                                                  {"arrow", "flowgauge-arrow"},
                                                                  {"ipfix", "flowgauge-ipfix"},
                                                                  {"ipfix_collector", "flowgauge-ipfix"},
                                                                  {"kafka", "flowgauge-kafka"},
                                                                  {"kafka_arrow", "flowgauge-arrow"}});

std::unexpected<Error> no_sink(const ProfileExporter& exporter) {
  const Located<std::string>& name = exporter.format.name;
  for (const auto& [sink, package] : kSinksOfPackages)
    if (name.value == sink)
      return fail(ExitCode::kUsage, "{}the sink '{}' is not installed; it comes with the package {}", name.where(),
                  sink, package);
  if (exporter.format_from == ProfileExporter::FormatFrom::kName) return unknown_ending(exporter);
  std::vector<std::string> formats;
  for (const TableFormatName& format : kTableFormats) formats.emplace_back(format.name);
  std::string hint = did_you_mean(name.value, formats);
  if (hint.empty()) hint = "; 'flowgauge plugins' lists the sinks that are installed";
  return fail(ExitCode::kUsage, "{}'{}' is no format of tables ({}) and no sink of a plugin{}", name.where(),
              printable(name.value), join(formats), hint);
}

}  // namespace

std::unexpected<Error> at(const std::string& where, const Error& error) {
  return std::unexpected(Error{error.code, where + error.message});
}

Result<void> ModuleLoader::add_host_columns() {
  plan_.flow = builtin_feature(flow_feature());
  plan_.packet = builtin_feature(packet_feature());
  TRY(plan_.catalog.add(plan_.flow));
  return plan_.catalog.add(plan_.packet);
}

void ModuleLoader::prepare(const Profile& profile) {
  std::vector<LoadRequest> requests;
  for (const ProfileFeature& feature : profile.features) add_request(requests, "feature", feature.name, feature.plugin);
  for (const ProfileExporter& exporter : profile.exporters)
    if (exporter.columns.empty()) add_request(requests, "schema", exporter.schema, exporter.plugin);
  for (const ProfileExporter& exporter : profile.exporters)
    if (!table_format(exporter.format.name.value))
      add_request(requests, "sink", exporter.format.name, exporter.format.plugin);
  plan_.modules.prepare(requests);
}

void ModuleLoader::prepare(const std::map<std::string, std::string>& place_by_feature) {
  std::vector<LoadRequest> requests;
  for (const auto& [feature, place] : place_by_feature)
    if (plan_.catalog.find_feature(feature) == nullptr) add_request(requests, "feature", {feature, {}, 0}, {});
  plan_.modules.prepare(requests);
}

Result<const Schema*> ModuleLoader::schema(const ProfileExporter& exporter) {
  const auto module = TRY(load("schema", exporter.schema, exporter.plugin));
  const Schema* schema = plan_.catalog.find_schema(exporter.schema.value);
  if (schema == nullptr)
    return fail(ExitCode::kUsage, "{}{}: has no schema '{}'; 'flowgauge plugins' lists what each plugin offers",
                exporter.schema.where(), module->path, exporter.schema.value);
  return schema;
}

Result<const Sink*> ModuleLoader::sink(const ProfileExporter& exporter) {
  const Located<std::string>& name = exporter.format.name;
  const Located<std::string>& file = file_of(name, exporter.format.plugin);
  if (file.value.find('/') == std::string::npos && !find_module("sink", file.value, search_)) return no_sink(exporter);
  const auto module = TRY(load("sink", name, exporter.format.plugin));
  const Sink* sink = plan_.catalog.find_sink(name.value);
  if (sink == nullptr)
    return fail(ExitCode::kUsage, "{}{}: has no sink '{}'; 'flowgauge plugins' lists what each plugin offers",
                name.where(), module->path, name.value);
  return sink;
}

Result<void> ModuleLoader::feature(const Located<std::string>& name, const ProfileModule& plugin) {
  if (plan_.catalog.find_feature(name.value) != nullptr) return {};
  const auto module = TRY(load("feature", name, plugin));
  if (plan_.catalog.find_feature(name.value) == nullptr)
    return fail(ExitCode::kUsage, "{}{}: has no feature '{}'; 'flowgauge plugins' lists what each plugin offers",
                name.where(), module->path, name.value);
  return {};
}

Result<void> ModuleLoader::features(const std::map<std::string, std::string>& place_by_feature) {
  TRY(load_named(place_by_feature));
  std::map<std::string, std::string> read;
  for (const auto& [name, place] : place_by_feature) {
    const Feature* const feature = plan_.catalog.find_feature(name);
    for (const std::string& input : features_read_by(*feature))
      read.try_emplace(input, fmt::format("{}: derived feature '{}' of {}", place, name, origin_of(*feature)));
  }
  return load_named(read);
}

Result<void> ModuleLoader::load_named(const std::map<std::string, std::string>& place_by_feature) {
  prepare(place_by_feature);
  for (const auto& [feature, place] : place_by_feature)
    if (const auto loaded = this->feature({feature, {}, 0}, {}); !loaded) return at(place + ": ", loaded.error());
  return {};
}

// What is not found is for load() to say.
void ModuleLoader::add_request(std::vector<LoadRequest>& requests, std::string_view kind,
                               const Located<std::string>& name, const ProfileModule& plugin) const {
  if (auto found = find_module(kind, file_of(name, plugin).value, search_))
    requests.push_back({std::move(found->path), found->origin, trust_, digest_of(plugin)});
}

Result<const Module*> ModuleLoader::load(std::string_view kind, const Located<std::string>& name,
                                         const ProfileModule& plugin) {
  const Located<std::string>& file = file_of(name, plugin);
  auto module = plan_.modules.load(kind, file.value, search_, trust_, digest_of(plugin));
  if (!module) return at(file.where(), module.error());
  if (!added_.insert(*module).second) return module;
  if (const auto added = plan_.catalog.add(**module); !added) return at(file.where(), added.error());
  return module;
}

}  // namespace flowgauge
