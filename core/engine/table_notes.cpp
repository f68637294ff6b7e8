#include "core/engine/table_notes.h"

#include "core/engine/column_origin.h"

namespace flowgauge {

TableNotes table_notes(const Plan& plan, const PlannedOutput& output) {
  TableNotes notes;
  notes.table = {{"flowgauge.schema", output.schema.name}, {"flowgauge.schema_version", output.schema.version}};
  for (std::size_t i = 0; i < output.columns.size(); ++i) {
    const ColumnOrigin origin = column_origin(plan, output, i);
    notes.columns.push_back({{"flowgauge.role", std::string(origin.role)},
                             {"flowgauge.expression", origin.expression},
                             {"flowgauge.definition", origin.definition}});
  }
  return notes;
}

}  // namespace flowgauge
