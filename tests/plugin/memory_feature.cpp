#include "tests/plugin/memory_feature.h"

namespace flowgauge::test {

fg_column FeatureSpec::column(const char* name, fg_type type, fg_column_flags flags) {
  return {name, "A test's column.", type, FG_UNIT_COUNT, FG_REVEALS_NOTHING, FG_REVEALS_NOTHING, flags, 0};
}

Feature made_feature(const FeatureSpec& spec) {
  Feature feature;
  feature.name = spec.name;
  feature.columns = spec.columns;
  feature.options = spec.options;
  fg_feature& table = feature.table;
  table.struct_size = sizeof(fg_feature);
  table.state_size = spec.state_size;
  table.state_align = spec.state_align;
  table.needs = spec.needs;
  table.payload_bytes = spec.payload_bytes;
  table.create = [](const fg_create*, void** instance) -> fg_status {
    *instance = nullptr;
    return FG_OK;
  };
  table.destroy = [](void*) {};
  table.update = [](void*, const fg_batch*) -> fg_status { return FG_OK; };
  table.emit = [](void*, const fg_emit*) -> fg_status { return FG_OK; };
  return feature;
}

}  // namespace flowgauge::test
