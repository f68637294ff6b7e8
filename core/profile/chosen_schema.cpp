#include "core/profile/chosen_schema.h"

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

}  // namespace flowgauge
