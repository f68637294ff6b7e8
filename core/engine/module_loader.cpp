#include "core/engine/module_loader.h"

#include <optional>
#include <utility>

#include "core/flow/flow_columns.h"

namespace flowgauge {

std::unexpected<Error> at(const std::string& where, const Error& error) {
  return std::unexpected(Error{error.code, where + error.message});
}

Result<void> ModuleLoader::add_flow_columns() {
  plan_.flow = builtin_feature(flow_feature());
  return plan_.catalog.add(plan_.flow);
}

Result<const Schema*> ModuleLoader::schema(const ProfileExporter& exporter) {
  const auto module = load("schema", exporter.schema, exporter.plugin);
  if (!module) return std::unexpected(module.error());
  const Schema* schema = plan_.catalog.find_schema(exporter.schema.value);
  if (schema == nullptr)
    return fail(ExitCode::kUsage, "{}{}: has no schema '{}'; 'flowgauge plugins' lists what each plugin offers",
                exporter.schema.where(), (*module)->path, exporter.schema.value);
  return schema;
}

Result<void> ModuleLoader::feature(const Located<std::string>& name, const ProfileModule& plugin) {
  if (plan_.catalog.find_feature(name.value) != nullptr) return {};
  const auto module = load("feature", name, plugin);
  if (!module) return std::unexpected(module.error());
  if (plan_.catalog.find_feature(name.value) == nullptr)
    return fail(ExitCode::kUsage, "{}{}: has no feature '{}'; 'flowgauge plugins' lists what each plugin offers",
                name.where(), (*module)->path, name.value);
  return {};
}

Result<const Module*> ModuleLoader::load(std::string_view kind, const Located<std::string>& name,
                                         const ProfileModule& plugin) {
  const Located<std::string>& file = plugin.module.value.empty() ? name : plugin.module;
  std::optional<std::string> sha256;
  if (!plugin.sha256.value.empty()) sha256 = plugin.sha256.value;
  auto module = plan_.modules.load(kind, file.value, search_, trust_, std::move(sha256));
  if (!module) return at(file.where(), module.error());
  if (!added_.insert(*module).second) return module;
  if (const auto added = plan_.catalog.add(**module); !added) return at(file.where(), added.error());
  return module;
}

}  // namespace flowgauge
