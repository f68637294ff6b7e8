#include "core/profile/chosen_schema.h"

#include <filesystem>
#include <utility>

namespace flowgauge {

void choose_schema(Profile& profile, const std::string& schema) {
  ProfileExporter exporter = profile.exporters.empty() ? ProfileExporter{} : profile.exporters.front();
  if (exporter.schema.value != schema || !exporter.columns.empty()) {
    exporter.plugin = {};
    exporter.options.clear();
    exporter.columns.clear();
  }
  exporter.schema = {schema, {}, 0};
  profile.exporters = {std::move(exporter)};
}

ProfileFormat format_called(const std::string& name) {
  ProfileFormat format;
  format.name = {name, "--output", 0};
  if (name.find('/') == std::string::npos) return format;
  format.plugin.module = format.name;
  format.name.value = std::filesystem::path(name).stem().string();
  return format;
}

}  // namespace flowgauge
