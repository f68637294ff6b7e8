// The JSON document that lies beside a table, as PATH.meta.json: what its columns mean and where its rows come from
// (docs/table-metadata.md has every field).
#pragma once

#include <string>
#include <string_view>

#include "core/engine/counted.h"
#include "core/engine/plan.h"
#include "core/report/output_report.h"
#include "core/report/run_report.h"

namespace flowgauge {

inline constexpr std::string_view kMetadataSuffix = ".meta.json";

// `stream`: inputs and setup; `counted`: of the table's own rows; `table`: how it ended.
[[nodiscard]] std::string table_metadata(const Plan& plan, const PlannedOutput& output, const OutputReport& table,
                                         RunReport stream, const Counted& counted);

}  // namespace flowgauge
