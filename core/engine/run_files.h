// All files that a run reads and writes, looked at before the first of them is opened for writing. Stateless.
#pragma once

#include <optional>
#include <span>
#include <string>

#include "core/base/result.h"
#include "core/engine/plan.h"
#include "core/engine/table_paths.h"
#include "core/ingest/input_list.h"

namespace flowgauge {

// Of the report: where rows are added to a table, one that exists stays, and that of this run gets a numbered name
// (kAppend).
[[nodiscard]] ExistingFile existing_report(const Plan& plan, bool force);

// `tables`: of all streams. What is refused: a file that would be written over another of the run (kUsage), also with
// `force`; one that exists (kOutput), unless it is replaced or appended to.
[[nodiscard]] Result<void> check_run_files(const Plan& plan, std::span<const Input> inputs,
                                           std::span<const TablePaths> tables,
                                           const std::optional<std::string>& report_path, bool force);

}  // namespace flowgauge
