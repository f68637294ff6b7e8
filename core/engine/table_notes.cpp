#include "core/engine/table_notes.h"

#include "core/engine/column_origin.h"
#include "core/table/time_cells.h"

namespace flowgauge {

TableNotes table_notes(const Plan& plan, const PlannedOutput& output) {
  TableNotes notes;
  notes.table = {{"flowgauge.schema", output.schema.name}, {"flowgauge.schema_version", output.schema.version}};
  for (std::size_t i = 0; i < output.columns.size(); ++i) {
    const ColumnOrigin origin = column_origin(plan, output, i);
    Notes& column = notes.columns.emplace_back(Notes{{"flowgauge.role", std::string(origin.role)},
                                                     {"flowgauge.expression", origin.expression},
                                                     {"flowgauge.definition", origin.definition}});
    if (const std::string_view form = time_cells(origin.expression, plan.catalog); !form.empty())
      column.emplace_back("flowgauge.time", form);
  }
  return notes;
}

}  // namespace flowgauge
