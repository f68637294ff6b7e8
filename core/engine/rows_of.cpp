#include "core/engine/rows_of.h"

#include <algorithm>
#include <vector>

#include "core/engine/plan.h"

namespace flowgauge {
namespace {

// What is emitted for it: of derived columns, what they are made of.
std::vector<const CatalogColumn*> emitted_for(const Plan& plan, const BoundSchema& schema) {
  std::vector<const CatalogColumn*> emitted;
  for (const CatalogColumn* column : schema.needed) {
    if (column->derive == nullptr) emitted.push_back(column);
    for (const BoundDerived& one : plan.derived)
      if (one.derive.derive == column->derive)
        emitted.insert(emitted.end(), one.derive.inputs.begin(), one.derive.inputs.end());
  }
  return emitted;
}

bool is_of_packets(const Plan& plan, const BoundSchema& schema) {
  const auto emitted = emitted_for(plan, schema);
  return std::ranges::find(emitted, &plan.packet, &CatalogColumn::feature) != emitted.end();
}

bool fits_packets(const Plan& plan, const CatalogColumn& column) {
  return column.feature == &plan.packet || (column.feature == &plan.flow && is_known_at_first(column.index));
}

std::string name_of(const BoundSchema& schema) { return fmt::format("{}: schema '{}'", schema.origin, schema.name); }

}  // namespace

Result<RowsOf> rows_of(const Plan& plan) {
  const BoundSchema* packets = nullptr;
  const BoundSchema* flows = nullptr;
  for (const PlannedOutput& output : plan.outputs)
    (is_of_packets(plan, output.schema) ? packets : flows) = &output.schema;
  if (packets == nullptr) return RowsOf::kFlows;
  if (flows != nullptr)
    return fail(ExitCode::kUsage,
                "{} has a row for each packet, schema '{}' one for each flow; a run makes one kind: run once for each",
                name_of(*packets), flows->name);
  for (const PlannedOutput& output : plan.outputs)
    for (const CatalogColumn* column : emitted_for(plan, output.schema))
      if (!fits_packets(plan, *column))
        return fail(
            ExitCode::kUsage,
            "{} has a row for each packet, but '{}' is known when a flow ends; take columns of 'packet', and those "
            "of 'flow' that its first packet decides, as flow.src_ip",
            name_of(output.schema), column->full_name);
  if (plan.labels)
    return fail(ExitCode::kUsage,
                "{}: label rules are of flows, and schema '{}' has a row for each packet; leave them out",
                plan.labels->file.path, packets->name);
  return RowsOf::kPackets;
}

}  // namespace flowgauge
