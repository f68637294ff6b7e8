// Columns that a table gets behind those of its schema: what the profile adds, and the mark of snapshots. Set-up only.
#pragma once

#include "core/base/result.h"
#include "core/engine/plan.h"
#include "core/table/schema.h"

namespace flowgauge {

// A name that the table has already is kUsage. Where flows have snapshots, rows of flows are told apart by
// flow.snapshot, unless the profile does not want it.
[[nodiscard]] Result<void> append_columns(const Profile& profile, const ProfileExporter& exporter,
                                          SchemaDefinition& definition);

// What is wrong with a name that was appended is the profile's fault, not the schema's.
[[nodiscard]] Result<void> check_appended(const Plan& plan, const ProfileExporter& exporter,
                                          const SchemaDefinition& definition);

}  // namespace flowgauge
